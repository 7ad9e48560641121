# app_py39
import a


def f():
    return "app_py39"
