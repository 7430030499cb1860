"use strict";
const headers = { "Content-Type": "application/json", "X-Thidua-Console": "1" };

async function signIn(place) {
  const token = location.hash.slice(1);
  if (!token) return;
  history.replaceState(null, "", location.pathname);
  place.textContent = place.dataset.wait;
  const body = JSON.stringify({ token, as_cookie: true });
  const answer = await fetch("/api/v1/session/link", { method: "POST", headers, body });
  if (answer.ok) location.replace(comeBack());
  else place.textContent = place.dataset.failed;
}

// The page that somebody wanted before signing in: kept in this browser, used once, and only if it is a task's.
function comeBack() {
  const wanted = localStorage.getItem("thidua-come-back") ?? "";
  localStorage.removeItem("thidua-come-back");
  return /^\/t\/[a-z0-9-]+\/[a-z0-9-]+$/.test(wanted) ? wanted : "/";
}

async function signOut() {
  await fetch("/api/v1/session/end", { method: "POST", headers, body: "{}" });
  location.assign("/");
}

// The page asks for itself again after an event, and only its content is exchanged: nothing jumps under the reader.
async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const open = new Set([...document.querySelectorAll("details[open]")].map((one) => one.closest("tr")?.rowIndex));
  document.querySelector("main").replaceWith(fresh.querySelector("main"));
  for (const one of document.querySelectorAll("details")) if (open.has(one.closest("tr")?.rowIndex)) one.open = true;
}

function listen(since) {
  let waiting = 0;
  const later = () => { clearTimeout(waiting); waiting = setTimeout(refresh, 300); };
  const source = new EventSource(`/api/v1/events?since=${since}`);
  for (const verb of ["progress.accepted", "progress.submitted", "progress.returned", "progress.withdrawn", "target.assigned",
    "milestone.set", "movement.amended", "unit.registered", "rulebook.adopted", "facts.adopted", "withheld"]) source.addEventListener(verb, later);
}

if (document.querySelector("[data-come-back]")) localStorage.setItem("thidua-come-back", location.pathname);
const place = document.querySelector("[data-sign-in]");
if (place) signIn(place);
document.querySelector("[data-sign-out]")?.addEventListener("click", signOut);
if (document.body.dataset.live) listen(document.body.dataset.live);
