# app_an_py39
import a


def f():
    return "app_an_py39"
