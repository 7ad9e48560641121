# app
import a


def f():
    return "app"
