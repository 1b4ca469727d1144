// Warns a minute before the session ends because nobody does anything, and ends it in time.
// What is typed or clicked counts as being there. Without this script only loading a page does.
(() => {
    "use strict";
    const box = document.getElementById("ac-idle");
    if (!box) return;
    const WARN_SECONDS = 60;
    const TELL_EVERY = 60_000;
    const left = box.querySelector("[data-left]");
    const form = box.querySelector("form");
    let endsAt = Date.now() + Number(box.dataset.seconds) * 1000;
    let toldAt = Date.now();
    let isAsking = false;
    let isOver = false;

    const secondsLeft = () => Math.ceil((endsAt - Date.now()) / 1000);

    async function learn(answer) {
        if (answer.status === 401) return leave();
        if (!answer.ok) return;
        endsAt = Date.now() + (await answer.json()).seconds * 1000;
        if (secondsLeft() > WARN_SECONDS && box.open) box.close();
    }

    async function tell() {
        toldAt = Date.now();
        try {
            await learn(await fetch(form.action, { method: "POST", body: new FormData(form) }));
        } catch { /* no network: the next click tries again */ }
    }

    // Another window may have been used: the server knows.
    async function ask() {
        isAsking = true;
        try {
            await learn(await fetch(box.dataset.ask));
        } catch { /* no network: the warning stands */ }
        isAsking = false;
    }

    function typed() {
        const sent = new FormData(form);
        for (const field of document.querySelectorAll("form textarea, form input[type=text]")) {
            if (field.value && field.value !== field.defaultValue) sent.append("typed", field.value);
        }
        return sent;
    }

    async function end() {
        isOver = true;
        try {
            await fetch(box.dataset.end, { method: "POST", body: typed(), keepalive: true });
        } catch { /* the server ends the session by itself */ }
        leave();
    }

    function leave() {
        isOver = true;
        location.assign(location.pathname + location.search);
    }

    async function look() {
        if (isOver || isAsking) return;
        if (secondsLeft() > WARN_SECONDS) return;
        if (!box.open) {
            await ask();
            if (isOver || secondsLeft() > WARN_SECONDS) return;
            box.showModal();
        }
        left.textContent = Math.max(0, secondsLeft());
        if (secondsLeft() > 0) return;
        await ask();
        if (!isOver && secondsLeft() <= 0) end();
    }

    function somebodyIsHere() {
        if (!box.open && !isOver && Date.now() - toldAt > TELL_EVERY) tell();
    }

    form.addEventListener("submit", (event) => {
        event.preventDefault();
        tell();
    });
    box.addEventListener("cancel", tell);
    for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, somebodyIsHere, { passive: true });
    setInterval(look, 1000);
})();
