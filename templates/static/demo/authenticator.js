// Counts the seconds down, and loads the next digits when these have run out.
const said = document.getElementById("left");
let left = Number(document.body.dataset.secondsLeft);
setInterval(() => {
    left -= 1;
    if (left <= 0) location.reload();
    else said.textContent = `These hold for ${left} second${left === 1 ? "" : "s"} more.`;
}, 1000);
