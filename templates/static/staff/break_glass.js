/* When the hour is over the page is asked for again, which leads to the door: nothing stays on the screen. */
"use strict";

(() => {
    const open = document.querySelector("[data-seconds-open]");
    const ends = Date.now() + 1000 * Number(open.dataset.secondsOpen);
    const look = () => { if (Date.now() >= ends) location.reload(); };
    setInterval(look, 5000);
    document.addEventListener("visibilitychange", look);
    window.addEventListener("pageshow", (shown) => { if (shown.persisted) location.reload(); });
})();
