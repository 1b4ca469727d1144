/* Today looks again by itself: every 12 seconds while somebody can see it, and never under their hands.

   A section is replaced when it has changed and nobody types, selects or has a form open; until then
   the news waits. Focus, open folds and the place on the page stay. No connection is said, not hidden. */
"use strict";

(() => {
    const line = document.querySelector("[data-live]");
    if (!line) return;
    const EVERY = 12000, PATIENCE = 10000, NEW_FOR = 20000;
    const words = line.dataset;
    const says = line.querySelector("[data-live-says]");
    const tells = document.querySelector("[data-live-tells]");
    const parts = (root) => [...root.querySelectorAll("[data-part]")];
    const titled = document.title;
    let timer = 0, tag = "", news = null, looked = new Date(), unseen = 0, lost = false, over = false;

    // What stands in a part, without what differs from answer to answer or is the reader's own doing.
    const shape = (part) => {
        const copy = part.cloneNode(true);
        copy.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => field.remove());
        copy.querySelectorAll("details").forEach((fold) => fold.removeAttribute("open"));
        copy.querySelectorAll(".is-new").forEach((one) => one.classList.remove("is-new"));
        return copy.innerHTML.replace(/\s+/g, " ");
    };
    const keys = (root) => parts(root).flatMap((part) => (part.dataset.alerts || "").split(" ").filter(Boolean));
    const shapes = new Map(parts(document).map((part) => [part.dataset.part, shape(part)]));
    let known = new Set(keys(document));

    const isBusy = () => {
        const here = document.activeElement;
        const types = here && here.matches("input, textarea, select") && (here.value || here.closest("[data-part]"));
        const marks = !getSelection().isCollapsed;
        return Boolean(types || marks || document.querySelector("[data-part] .ac-inline-form[open]"));
    };

    const say = (text, state) => {
        line.hidden = false;
        line.dataset.state = state;
        says.textContent = text;
    };
    const clock = () => looked.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    const sayLooked = () => say(`${words.looked} ${clock()}${news ? ". " + words.held : ""}`, news ? "held" : "good");

    const nameOf = (one) => one && [one.tagName, one.getAttribute("href") || one.value || "", one.closest("form")?.getAttribute("action") || "",
        one.textContent.replace(/[\d\s]+/g, " ")].join("|");
    const findAgain = (root, name) => [...root.querySelectorAll("a, button, summary")].find((one) => name && nameOf(one) === name);
    const foldName = (fold) => fold.className + "|" + nameOf(fold.querySelector("summary"));

    // The first thing in view: it stays where it is, whatever comes or goes above it.
    const holdPlace = () => {
        const anchor = [...document.querySelectorAll("[data-part] .ac-name")].find((one) => one.getBoundingClientRect().top > 0);
        return { name: nameOf(anchor), top: anchor?.getBoundingClientRect().top };
    };
    const keepPlace = (held) => {
        const again = window.scrollY > 0 && findAgain(document, held.name);
        if (again) window.scrollBy(0, again.getBoundingClientRect().top - held.top);
    };

    const replace = (old, fresh) => {
        const focused = old.contains(document.activeElement) ? nameOf(document.activeElement) : "";
        const folds = new Map([...old.querySelectorAll("details")].map((fold) => [foldName(fold), fold.open]));
        for (const fold of fresh.querySelectorAll("details")) {
            if (folds.has(foldName(fold))) fold.open = folds.get(foldName(fold));
        }
        old.replaceWith(fresh);
        findAgain(fresh, focused)?.focus({ preventScroll: true });
    };

    const apply = () => {
        if (!news || isBusy()) return;
        const held = holdPlace();
        for (const fresh of parts(news)) {
            const name = fresh.dataset.part, now = shape(fresh);
            if (shapes.get(name) === now) continue;
            shapes.set(name, now);
            document.querySelectorAll(`[data-part="${name}"]`).forEach((old) => replace(old, document.importNode(fresh, true)));
        }
        news = null;
        keepPlace(held);
        sayLooked();
    };

    const sentence = (root, key) => {
        const card = root.querySelector(`[data-alert="${key}"]`);
        const told = [card?.querySelector("h3"), card?.querySelector(".ac-call-what")];
        return told.map((part) => part?.textContent.replace(/\s+/g, " ").trim()).filter(Boolean).join(": ");
    };
    const tellNew = (root) => {
        const all = keys(root), added = all.filter((key) => !known.has(key));
        known = new Set(all);
        if (!added.length) return;
        unseen += added.length;
        document.title = `(${unseen}) ${titled}`;
        tells.textContent = `${words.new} ${added.map((key) => sentence(root, key)).filter(Boolean).slice(0, 3).join(". ") || added.length}`;
        for (const key of added) root.querySelector(`[data-alert="${key}"]`)?.classList.add("is-new");
        setTimeout(() => document.querySelectorAll(".is-new").forEach((one) => one.classList.remove("is-new")), NEW_FOR);
    };
    const sawIt = () => {
        unseen = 0;
        document.title = titled;
    };

    const end = () => {
        over = true;
        tells.textContent = words.out;
        say(words.out, "lost");
    };
    const sayLost = () => {
        if (!lost) tells.textContent = words.lost;
        lost = true;
        say(`${words.last} ${clock()}. ${words.lost}`, "lost");
    };
    // Ask; return the new page of sections, an empty text when nothing is new, null without an answer.
    const ask = async () => {
        try {
            const headers = tag ? { "If-None-Match": tag } : {};
            const answer = await fetch(words.live, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
            if (answer.status === 401 || answer.redirected) end();
            if (answer.status === 304) return "";
            if (!answer.ok || over) return null;
            tag = answer.headers.get("ETag") || "";
            return await answer.text();
        } catch {
            return null;
        }
    };
    const look = async () => {
        clearTimeout(timer);
        if (document.hidden || over) return;
        const text = await ask();
        if (over) return;
        timer = setTimeout(look, EVERY);
        if (text === null) {
            sayLost();
            return;
        }
        looked = new Date();
        lost = false;
        if (text) {
            news = new DOMParser().parseFromString(text, "text/html");
            tellNew(news);
        }
        apply();
        sayLooked();
    };

    const soon = () => setTimeout(apply, 300);
    document.addEventListener("focusout", soon);
    document.addEventListener("toggle", soon, true);
    document.addEventListener("selectionchange", soon);
    for (const sign of ["pointerdown", "keydown"]) document.addEventListener(sign, sawIt);
    addEventListener("focus", sawIt);
    document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
    sayLooked();
    timer = setTimeout(look, EVERY);
})();
