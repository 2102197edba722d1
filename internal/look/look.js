// What all pages gain when a browser runs scripts; without them everything works too.
(function () {
  "use strict";
  // What a screen reader is told of what changes.
  const spoken = document.createElement("div");
  spoken.className = "hidden spoken";
  spoken.setAttribute("role", "status");
  document.body.append(spoken);

  if (!navigator.clipboard) { return; }
  const copier = function (name, text) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", name);
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(text()).then(function () {
        button.textContent = "Copied";
        spoken.textContent = "Copied";
        setTimeout(function () { button.textContent = "Copy"; spoken.textContent = ""; }, 1500);
      });
    });
    return button;
  };

  // Of a block with commands their text, without prompts and output.
  document.querySelectorAll("pre").forEach(function (block) {
    const button = copier(block.matches(".console") ? "Copy the commands" : "Copy", function () {
      const commands = Array.from(block.querySelectorAll(".command > .text"), function (command) { return command.textContent; });
      return commands.length ? commands.join("\n") : block.textContent.replace(/\n$/, "");
    });
    const wrap = document.createElement("div");
    wrap.className = "code";
    block.replaceWith(wrap);
    wrap.append(block, button);
  });
  document.querySelectorAll("[data-copy]").forEach(function (value) {
    value.after(copier(value.dataset.copy, function () { return value.textContent; }));
  });
})();
