# app_an_py310
import a


def f():
    return "app_an_py310"
