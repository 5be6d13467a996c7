"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];

  // Light or dark: as the system has it, until somebody says otherwise.
  const button = by("theme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  const isDark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
  const tell = () => button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    tell();
  });
  dark.addEventListener("change", tell);
  button.hidden = false;
  tell();

  // Times as the reader's clock shows them.
  const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const day = { ...clock, year: "numeric", month: "2-digit", day: "2-digit" };
  for (const time of all("time")) {
    const long = time.textContent.length > 5;
    time.textContent = new Intl.DateTimeFormat("sv-SE", long ? day : clock).format(
      new Date(time.dateTime),
    );
  }
  const zone = by("zone");
  if (zone) zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;

  // One part at a time: that of the address, or the first runner.
  const sections = all("main > section");
  const links = all("nav li a");
  const show = (moves) => {
    const asked = location.hash.slice(1);
    const chosen = sections.find((one) => one.id === asked) ?? sections[0];
    for (const one of sections) one.hidden = one !== chosen;
    for (const link of links) {
      const current = chosen && link.hash === `#${chosen.id}`;
      if (current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    if (moves && chosen) {
      const { top } = chosen.getBoundingClientRect();
      chosen.querySelector("h2").focus({ preventScroll: true });
      if (top < 0 || top > innerHeight / 2) scrollTo(0, scrollY + top - 8);
    }
  };
  addEventListener("hashchange", () => show(true));
  show(false);

  // Above its graph, a runner has its row of the timeline.
  const rows = new Map(all("tr[data-name]").map((row) => [row.dataset.name, row]));
  const axis = document.querySelector("thead .axis");
  for (const strip of all(".strip")) {
    const row = rows.get(strip.dataset.row);
    const words = document.createElement("small");
    words.textContent = `${row.querySelector(".count").textContent} in 24 hours`;
    strip.append(axis.cloneNode(true), row.querySelector(".track").cloneNode(true), words);
  }

  // The list: words to filter by, arrow keys to go through it.
  const filter = by("filter");
  const marks = all("[data-name]");
  filter.closest("label").hidden = false;
  filter.addEventListener("input", () => {
    const text = filter.value.trim().toLowerCase();
    let left = 0;
    for (const mark of marks) {
      mark.hidden = !mark.dataset.name.toLowerCase().includes(text);
      if (!mark.hidden && mark.matches("li")) left += 1;
    }
    by("none").textContent = left ? "" : "no runner has this in its name";
  });
  document.querySelector("nav").addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const seen = links.filter((link) => !link.closest("[hidden]"));
    const at = seen.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : seen.length - 1) : at + step;
    seen[Math.min(Math.max(next, 0), seen.length - 1)]?.focus();
    event.preventDefault();
  });
})();
