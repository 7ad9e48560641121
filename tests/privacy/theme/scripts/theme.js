load("http://127.0.0.1:8765/js/theme-part.js")
