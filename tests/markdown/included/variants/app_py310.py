# app_py310
import a


def f():
    return "app_py310"
