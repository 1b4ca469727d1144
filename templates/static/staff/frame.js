/* What the panel's templates name in x-data.

   Alpine's parser for pages with a strict content security policy sees nothing of the browser but
   what is registered here. `theme` and `searchForm` are the theme's own functions (unfold/js/app.js). */
"use strict";

document.addEventListener("alpine:init", () => {
    const UNFOLDED = "sidebarDesktopOpen";

    Alpine.data("theme", theme);
    Alpine.data("searchForm", searchForm);
    Alpine.data("searchDropdown", searchDropdown);

    Alpine.data("frame", () => ({
        activeTab: "",
        sidebarMobileOpen: false,
        sidebarDesktopOpen: localStorage.getItem(UNFOLDED) !== "0",
        // The theme's forms send themselves to window.location: this is all they may see of it.
        window: { location: { pathname: location.pathname, search: location.search } },
        init() {
            this.activeTab = getCurrentTab() || this.$el.dataset.firstTab || "";
            this.$watch("sidebarDesktopOpen", (open) => localStorage.setItem(UNFOLDED, open ? "1" : "0"));
        },
    }));
});
