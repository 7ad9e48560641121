"use strict";
// What is chosen above the list of ages is shown at once.
for (const select of document.querySelectorAll("form select")) select.onchange = () => select.form.submit();
