// What the pages gain when a browser runs scripts; without them everything works too.
(function () {
  "use strict";
  const box = document.getElementById("q");
  const spoken = document.querySelector(".spoken");

  // "/" goes to the search box, as people expect.
  document.addEventListener("keydown", function (event) {
    const at = event.target;
    const typing = at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName));
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });

  // A box of one line would glue the lines of a pasted log together.
  if (box) {
    box.addEventListener("paste", function (event) {
      const text = event.clipboardData ? event.clipboardData.getData("text") : "";
      if (!/[\r\n]/.test(text)) { return; }
      event.preventDefault();
      box.setRangeText(text.replace(/\s*[\r\n]+\s*/g, " "), box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  // Results while typing, on the search page.
  const form = document.querySelector("form[data-live]");
  if (form && box) {
    const results = document.getElementById(form.dataset.live);
    let timer = 0;
    let latest = 0;
    const refresh = function () {
      const mine = ++latest;
      const parameters = new URLSearchParams(new FormData(form));
      history.replaceState(null, "", form.action + "?" + parameters);
      parameters.set("fragment", "1");
      fetch(form.action + "?" + parameters).then(function (answer) {
        return answer.ok ? answer.text() : null;
      }).then(function (html) {
        if (html === null || mine !== latest) { return; }
        results.innerHTML = html;
        const count = results.querySelector(".count");
        spoken.textContent = count ? count.textContent : "";
      }).catch(function () { /* the form still works */ });
    };
    form.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(refresh, 150);
    });
  }
})();
