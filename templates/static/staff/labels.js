// Select2 draws its own field beside the labelled one: give it the same name for screen readers.
window.addEventListener("load", () => {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
        const label = document.querySelector(`label[for="${select.id}"]`);
        const drawn = select.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox]");
        for (const field of label && drawn ? drawn : []) {
            field.removeAttribute("aria-labelledby");
            field.setAttribute("aria-label", label.textContent.replace("*", "").trim());
        }
    }
});
