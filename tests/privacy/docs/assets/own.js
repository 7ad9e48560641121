const library = "http://127.0.0.1:8765/js/library.min.js", data = 'http://127.0.0.1:8765/js/data.json';
const sheet = "http://127.0.0.1:8765/styles/imported.css", page = "https://other.example/page";
