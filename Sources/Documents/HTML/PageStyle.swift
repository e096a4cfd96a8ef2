/// The style sheet and the script of an HTML report.
enum PageStyle {
  static let css = """
    :root { color-scheme: light dark; --ink: #1a1a1a; --muted: #6b6b6b; --line: #ddd; --faint: #efefef; --paper: #fff;
      --ground: #fff; --pass: #1b7f5a; --fail: #c0392b; --link: #0b5394; --code: #f5f5f3; --lift: 0%; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e8e6e3; --muted: #a5a19b; --line: #4a4a4a; --faint: #2c2c2e;
      --paper: #1c1c1e; --ground: #1c1c1e; --pass: #4cc38a; --fail: #ff7b6b; --link: #7ab7f5; --code: #2a2a2c; --lift: 32%; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--ground); color: var(--ink);
      font: 16px/1.55 "DejaVu Sans", Verdana, "Segoe UI", system-ui, sans-serif; }
    main { max-width: 760px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
    h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .3rem; }
    h2 { font-size: 1.3rem; margin: 2.4rem 0 .6rem; } h3 { font-size: 1rem; margin: 1.6rem 0 .4rem; }
    p { margin: .7rem 0; } .small { font-size: .82rem; color: var(--muted); }
    hr { border: 0; border-top: 1px solid var(--line); margin: 1rem 0; }
    a { color: var(--link); } code { font-family: "DejaVu Sans Mono", ui-monospace, monospace; font-size: .9em; }
    pre { background: var(--code); padding: .8rem 1rem; overflow-x: auto; }
    ul { padding-left: 1.4rem; } li.depth1 { margin-left: 1.2rem; } li.depth2 { margin-left: 2.4rem; }
    li[data-marker] { list-style: none; } li[data-marker]::before { content: attr(data-marker) " "; color: var(--muted); }
    figure { margin: 1.8rem 0; outline-offset: 6px; } figure svg { width: 100%; height: auto; display: block; }
    figure h3 { margin-top: 0; } figcaption { color: var(--muted); font-size: .85rem; margin-top: .4rem; }
    .entry { cursor: pointer; } .entry[aria-pressed="false"] { opacity: .35; } .entry:focus-visible { outline: 2px solid var(--link); }
    .off { display: none; } .scroll { overflow-x: auto; margin: 1.4rem 0; }
    table { border-collapse: collapse; font-size: .85rem; border-top: 1.5px solid var(--muted); border-bottom: 1.5px solid var(--muted); }
    caption { text-align: left; font-weight: bold; padding-bottom: .5rem; } thead { border-bottom: 1px solid var(--muted); }
    th, td { padding: .25rem .7rem; text-align: left; vertical-align: top; }
    th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; }
    .verdict { display: flex; gap: .9rem; padding: .5rem .8rem; border-left: 3px solid var(--pass); font-size: .92rem;
      background: color-mix(in srgb, var(--pass) 8%, transparent); } .verdict b { color: var(--pass); }
    .verdict.fail { border-color: var(--fail); background: color-mix(in srgb, var(--fail) 8%, transparent); }
    .verdict.fail b { color: var(--fail); } .verdict.untested { border-color: var(--muted); background: none; }
    .verdict.untested b { color: var(--muted); }
    #note { position: absolute; pointer-events: none; white-space: pre; background: var(--ink); color: var(--ground);
      padding: .25rem .5rem; border-radius: 4px; font-size: .78rem; line-height: 1.35; z-index: 2; }
    #note[hidden] { display: none; }
    @media (max-width: 520px) { main { padding: 1.2rem .8rem 3rem; } h1 { font-size: 1.4rem; }
      figure { overflow-x: auto; } figure svg { min-width: 480px; } }
    @media print { figure, table, .verdict { break-inside: avoid; } }
    """

  /// Shows the note nearest to the pointer, steps through the notes with the arrow keys, and shows or hides the marks of a
  /// legend entry.
  static let script = """
    "use strict";
    const note = document.getElementById("note");
    for (const figure of document.querySelectorAll("figure")) {
      const svg = figure.querySelector("svg");
      const notes = JSON.parse(figure.querySelector(".notes").textContent);
      let at = -1;
      const say = (index) => {
        at = index;
        const [x, y, text] = notes[index];
        const place = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
        note.textContent = text;
        note.hidden = false;
        const left = Math.min(place.x + 12, document.documentElement.clientWidth - note.offsetWidth - 4);
        note.style.left = `${Math.max(4, left) + scrollX}px`;
        note.style.top = `${place.y + scrollY - note.offsetHeight - 8}px`;
      };
      svg.addEventListener("pointermove", (event) => {
        const p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        let best = -1, least = 18 * 18;
        notes.forEach(([x, y], index) => {
          const distance = (x - p.x) ** 2 + (y - p.y) ** 2;
          if (distance < least) { least = distance; best = index; }
        });
        if (best < 0) note.hidden = true; else say(best);
      });
      svg.addEventListener("pointerleave", () => { note.hidden = true; });
      figure.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (event.key === "Escape") note.hidden = true;
        if (!step || !notes.length) return;
        event.preventDefault();
        say((at + step + notes.length) % notes.length);
      });
      for (const entry of figure.querySelectorAll(".entry")) {
        const press = () => {
          const shown = entry.getAttribute("aria-pressed") !== "true";
          entry.setAttribute("aria-pressed", shown);
          for (const mark of figure.querySelectorAll("." + entry.dataset.series)) mark.classList.toggle("off", !shown);
        };
        entry.addEventListener("click", press);
        entry.addEventListener("keydown", (event) => {
          if (event.key === "Enter" || event.key === " ") { event.preventDefault(); press(); }
        });
      }
    }
    """
}
