/* Keeps the page fresh without touching what is being typed.

   The page is fetched again and each part that carries data-live is swapped when the server's words
   for it have changed. Without this script everything works too, by reloading. */
"use strict";

(() => {
    const STILL_MS = 2000;
    const WALKING_MS = 700;
    const asServed = new Map(); // id of a live part -> the server's last words for it
    let turn = 0; // an answer that was overtaken by a later one is dropped
    let timer = 0;

    const liveParts = (root) => root.querySelectorAll("[data-live]");

    function remember(root) {
        for (const part of liveParts(root)) {
            asServed.set(part.id, part.innerHTML);
        }
    }

    function keysIn(part) {
        return new Set(Array.from(part.querySelectorAll("[data-key]"), (item) => item.dataset.key));
    }

    function swap(part, fresh) {
        const focused = part.contains(document.activeElement) ? document.activeElement : null;
        const known = keysIn(part);
        part.innerHTML = fresh.innerHTML;
        for (const item of part.querySelectorAll("[data-key]")) {
            item.classList.toggle("is-new", !known.has(item.dataset.key));
        }
        if (focused) {
            const again = focused.id
                ? document.getElementById(focused.id)
                : part.querySelector(`button[value="${CSS.escape(focused.value || "")}"]`) || part.querySelector("button");
            again?.focus({ preventScroll: true });
        }
        fitLetters(part);
    }

    function show(page) {
        const pane = document.getElementById("pane");
        const freshPane = page.getElementById("pane");
        if (!pane && freshPane) {
            location.reload(); // the stand-in is back
            return;
        }
        if (pane && freshPane && pane.dataset.person !== freshPane.dataset.person) {
            pane.replaceWith(freshPane);
            document.body.dataset.refresh = page.body.dataset.refresh;
            remember(freshPane);
            fitLetters(freshPane);
        }
        for (const fresh of liveParts(page)) {
            const part = document.getElementById(fresh.id);
            if (part && asServed.get(fresh.id) !== fresh.innerHTML) {
                asServed.set(fresh.id, fresh.innerHTML);
                swap(part, fresh);
            }
        }
    }

    async function load(address, options = {}) {
        const mine = ++turn;
        const answer = await fetch(address, { credentials: "same-origin", ...options });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (mine === turn && page.body.dataset.refresh) {
            show(page);
        }
        return { answer, page };
    }

    function address() {
        const mail = new URLSearchParams(location.search).get("mail");
        const place = document.body.dataset.refresh.split("?")[0];
        return mail ? `${place}?mail=${encodeURIComponent(mail)}` : place;
    }

    async function refresh() {
        clearTimeout(timer);
        try {
            if (!document.hidden) {
                await load(address());
            }
        } catch {
            // The server is away for a moment; the next round looks again.
        }
        later();
    }

    function later() {
        clearTimeout(timer);
        timer = setTimeout(refresh, document.querySelector("[data-walking]") ? WALKING_MS : STILL_MS);
    }

    function notice(words) {
        const line = document.createElement("p");
        line.className = "notice";
        line.textContent = words;
        document.getElementById("said").replaceChildren(line);
    }

    async function send(form, button) {
        const said = new FormData(form, button);
        said.set("back", address());
        clearTimeout(timer);
        form.setAttribute("aria-busy", "true");
        try {
            const { answer, page } = await load(form.action, { method: "POST", body: said });
            const notices = page.getElementById("said");
            document.getElementById("said").innerHTML = notices ? notices.innerHTML : "";
            if (!answer.ok) {
                notice(`That did not work: the server answered ${answer.status}.`);
            } else if (!notices?.children.length && "clears" in form.dataset && !said.has("quick")) {
                form.reset();
            }
        } catch {
            notice("That may not have worked: the server did not answer. Reload and look.");
        } finally {
            form.removeAttribute("aria-busy");
        }
        later();
    }

    function fitLetters(root) {
        for (const frame of root.querySelectorAll("iframe.letter-body")) {
            const fit = () => {
                const page = frame.contentDocument?.documentElement;
                if (page) {
                    frame.style.height = `${page.scrollHeight}px`;
                }
            };
            frame.addEventListener("load", fit);
            fit();
        }
    }

    document.addEventListener("submit", (event) => {
        if ("quiet" in event.target.dataset) {
            event.preventDefault();
            if (!event.target.hasAttribute("aria-busy")) {
                send(event.target, event.submitter);
            }
        }
    });
    document.addEventListener("visibilitychange", () => document.hidden || refresh());

    remember(document);
    fitLetters(document);
    later();
})();
