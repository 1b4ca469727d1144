// Select2 draws its own field beside the labelled one: give it the same name for screen readers.
const nameDrawnFields = () => {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
        const label = document.querySelector(`label[for="${select.id}"]`);
        const drawn = select.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox]");
        for (const field of label && drawn ? drawn : []) {
            field.removeAttribute("aria-labelledby");
            field.setAttribute("aria-label", label.textContent.replace("*", "").trim());
        }
    }
};
new MutationObserver(nameDrawnFields).observe(document, { childList: true, subtree: true });
window.addEventListener("load", nameDrawnFields);
