/* The keyboard of the panel. Everything here can be reached without it; "?" shows the list. */
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const help = document.getElementById("keys");
    const WAIT_MS = 1500;
    let first = "";
    let forget = 0;

    const isTyping = (target) => target.closest("input, select, textarea, [contenteditable], dialog[open]");
    const items = () => [...document.querySelectorAll("[data-keys-item], #result_list tbody tr, .ac-call, .ac-today-main .ac-card")]
        .filter((item, place, all) => all.indexOf(item) === place && item.querySelector("a[href]"));

    // Focus the main link of the next or last item, and bring it into view.
    function step(by) {
        const all = items();
        if (!all.length) return;
        const here = all.findIndex((item) => item.contains(document.activeElement));
        const next = all[here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1)];
        next.querySelector("a.ac-name, a[href]").focus({ preventScroll: true });
        next.scrollIntoView({ block: "nearest" });
    }

    function go(letter) {
        const link = document.querySelector(`[data-key-go="${letter}"]`);
        if (link) location.assign(link.href);
    }

    function find() {
        const field = document.querySelector("#find, #searchbar, input[type=search]");
        if (field) field.focus();
    }

    document.addEventListener("keydown", (pressed) => {
        if (pressed.ctrlKey || pressed.metaKey || pressed.altKey || isTyping(pressed.target)) return;
        const key = pressed.key;
        clearTimeout(forget);
        if (first === "g") {
            first = "";
            go(key);
            return;
        }
        const acts = { j: () => step(1), k: () => step(-1), "/": find, "?": () => help && help.showModal() };
        if (key === "g") {
            first = "g";
            forget = setTimeout(() => { first = ""; }, WAIT_MS);
        } else if (acts[key]) {
            pressed.preventDefault();
            acts[key]();
        }
    });

    for (const button of document.querySelectorAll("[data-keys-open]")) {
        button.hidden = false;
        button.addEventListener("click", () => help.showModal());
    }
    // Escape closes what is open: a dialog by itself, a folded-out part here.
    document.addEventListener("keydown", (pressed) => {
        if (pressed.key !== "Escape") return;
        const open = document.activeElement && document.activeElement.closest("details[open]");
        if (open && !document.querySelector("dialog[open]")) {
            open.open = false;
            open.querySelector("summary").focus();
        }
    });
});
