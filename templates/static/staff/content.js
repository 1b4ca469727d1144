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
    const problem = (root, text) => {
        const place = put(root, "problem", text);
        if (place) place.hidden = !text;
    };
    const showPhone = (root, phone) => {
        if (!root) return;
        root.hidden = !phone.text && !phone.problem;
        put(root, "text", phone.text);
        problem(root, phone.problem);
        const size = put(root, "size", phone.size);
        if (size) size.hidden = !phone.parts;
    };
    const showMail = (root, mail) => {
        if (!root) return;
        root.hidden = !mail.light && !mail.problem;
        put(root, "subject", mail.subject);
        for (const part of ["preview", "plain", "pictures"]) put(root, part, mail[part]);
        problem(root, mail.problem);
        root.querySelector('[data-part="made"]').hidden = !mail.light;
        for (const scheme of ["light", "dark"]) {
            const frame = root.querySelector(`[data-part="${scheme}"]`);
            if (frame.srcdoc !== mail[scheme]) frame.srcdoc = mail[scheme];
        }
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
            status.textContent = status.dataset.typed;
        } catch {
            status.textContent = status.dataset.failed;
        }
    };
    form.addEventListener("input", (event) => {
        const column = event.target.closest("[data-language]");
        if (!column) return;
        clearTimeout(timers.get(column));
        timers.set(column, setTimeout(() => check(column), 250));
    });
})();
// While somebody ticks and types how a step is set: what it comes to in words, and what is wrong.
(() => {
    const form = document.querySelector("form[data-settings]");
    if (!form) return;
    let timer;
    let asked = 0;
    const touched = new Set();

    const showMistakes = (mistakes) => {
        for (const place of form.querySelectorAll("[data-mistake]")) {
            const id = place.dataset.mistake;
            const problem = mistakes[id] || "";
            // What nobody has typed in yet is not wrong yet.
            if (problem && place.hidden && !touched.has(id)) continue;
            place.textContent = problem;
            place.hidden = !problem;
            const field = document.getElementById(id);
            if (field && field.matches("input, select, textarea")) field.setAttribute("aria-invalid", String(Boolean(problem)));
        }
    };
    const ask = async () => {
        asked += 1;
        const number = asked;
        try {
            const answer = await fetch(form.dataset.settings, { method: "POST", body: new FormData(form) });
            if (!answer.ok) throw new Error(answer.status);
            const { said, mistakes } = await answer.json();
            if (asked !== number) return; // a later question is on its way
            for (const line of form.querySelectorAll("[data-said]")) line.textContent = said[line.dataset.said];
            showMistakes(mistakes);
        } catch {
            form.querySelector("[data-status]").textContent = form.querySelector("[data-status]").dataset.stale;
        }
    };
    form.addEventListener("input", (event) => {
        if (event.target.closest("[data-language], [data-find]")) return;
        touched.add(event.target.id);
        const group = event.target.closest("fieldset[id]");
        if (group) touched.add(group.id);
        clearTimeout(timer);
        timer = setTimeout(ask, 300);
    });

    // A mistake's link opens the section that it is in.
    form.parentElement.addEventListener("click", (event) => {
        const link = event.target.closest("#mistakes a");
        const place = link && document.querySelector(link.hash);
        if (!place) return;
        event.preventDefault();
        for (let section = place.closest("details"); section; section = section.parentElement.closest("details")) section.open = true;
        place.scrollIntoView({ block: "center" });
        (place.matches("fieldset") ? place.querySelector("input") : place)?.focus({ preventScroll: true });
    });
    document.getElementById("mistakes")?.focus();

    const finder = form.querySelector("[data-find]");
    if (finder) {
        const labels = [...form.querySelectorAll("[data-found] > label")];
        finder.hidden = false;
        finder.addEventListener("input", (event) => {
            const wanted = event.target.value.trim().toLowerCase();
            for (const label of labels) label.hidden = !label.textContent.toLowerCase().includes(wanted);
        });
        finder.addEventListener("keydown", (event) => {
            if (event.key === "Enter") event.preventDefault(); // looks for a source, saves nothing
        });
    }
})();
