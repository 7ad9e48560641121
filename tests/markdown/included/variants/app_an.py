# app_an
import a


def f():
    return "app_an"
