// While somebody types: ask the server how the words would arrive, and show what it says.
(() => {
    const form = document.querySelector("form[data-check]");
    if (!form) return;
    const status = form.querySelector("[data-status]");
    const timers = new Map();
    const asked = new Map();

    const put = (root, part, text) => {
        const place = root.querySelector(`[data-part="${part}"]`);
        if (place) place.textContent = text;
        return place;
    };
    const putLines = (root, part, lines, className) => {
        const place = root.querySelector(`[data-part="${part}"]`);
        if (!place) return;
        place.replaceChildren(...lines.map((line) => {
            const p = document.createElement("p");
            p.textContent = line;
            if (className) p.className = className;
            return p;
        }));
    };
    const problem = (root, text) => {
        const place = put(root, "problem", text);
        if (place) place.hidden = !text;
    };
    const showPhone = (root, phone) => {
        if (!root) return;
        root.hidden = !phone.text && !phone.problem;
        put(root, "text", phone.text);
        problem(root, phone.problem);
        const size = put(root, "size", `${phone.parts} part${phone.parts === 1 ? "" : "s"} · ${phone.units} units · ${phone.room} left · ${phone.encoding}`);
        if (size) size.hidden = !phone.parts;
    };
    const showMail = (root, mail) => {
        if (!root) return;
        root.hidden = !mail.subject && !mail.paragraphs.length && !mail.problem;
        for (const part of ["subject", "preview", "heading"]) put(root, part, mail[part]);
        problem(root, mail.problem);
        putLines(root, "paragraphs", mail.paragraphs, "ac-words");
        putLines(root, "foot", mail.foot, "");
    };
    const showFindings = (column, findings) => {
        for (const list of column.querySelectorAll("[data-findings]")) {
            const own = findings.filter((one) => one.field === list.dataset.findings);
            list.replaceChildren(...own.map((one) => {
                const item = document.createElement("li");
                item.textContent = one.message;
                if (one.blocks) item.className = "is-blocking";
                return item;
            }));
        }
    };
    const check = async (column) => {
        const language = column.dataset.language;
        const number = (asked.get(language) || 0) + 1;
        asked.set(language, number);
        const words = new FormData(form);
        words.set("language", language);
        try {
            const answer = await fetch(form.dataset.check, { method: "POST", body: words });
            if (!answer.ok) throw new Error(answer.status);
            const look = await answer.json();
            if (asked.get(language) !== number) return; // a later question is on its way
            showPhone(column.querySelector('[data-look="sms"]'), look.sms);
            showPhone(column.querySelector('[data-look="sms_detailed"]'), look.sms_detailed);
            showMail(column.querySelector('[data-look="mail"]'), look.mail);
            showFindings(column, look.findings);
            status.textContent = "Not saved yet.";
        } catch {
            status.textContent = "The preview could not be brought up to date. Your words are still here.";
        }
    };
    form.addEventListener("input", (event) => {
        const column = event.target.closest("[data-language]");
        if (!column) return;
        clearTimeout(timers.get(column));
        timers.set(column, setTimeout(() => check(column), 250));
    });
})();
