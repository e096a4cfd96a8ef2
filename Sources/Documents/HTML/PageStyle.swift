/// How a report looks in a browser.
package enum PageStyle {
  package static let css = """
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
    ul { padding-left: 1.4rem; }
    figure { margin: 1.8rem 0; outline-offset: 6px; } figure svg { width: 100%; height: auto; display: block; }
    figure h3 { margin-top: 0; } figcaption { color: var(--muted); font-size: .85rem; margin-top: .4rem; }
    .line { fill: none; stroke: color-mix(in oklab, var(--c), white var(--lift)); stroke-linejoin: round; }
    .area { fill: color-mix(in oklab, var(--c), white var(--lift)); }
    .entry { cursor: pointer; pointer-events: bounding-box; } .entry[aria-pressed="false"] { opacity: .35; }
    .entry:focus-visible, figure:focus-visible, .scroll:focus-visible, summary:focus-visible {
      outline: 2px solid var(--link); outline-offset: 2px; }
    .spoken { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    .narrow { display: none; } details { margin-top: .5rem; font-size: .85rem; } details td { text-align: right; }
    summary { cursor: pointer; color: var(--muted); } details .scroll { max-height: 22rem; overflow: auto; margin: .5rem 0; }
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
      .verdict { gap: .5rem; padding: .5rem .6rem; } }
    @media (max-width: 640px) { .narrow { display: block; } .wide:has(+ .narrow) { display: none; }
      .wide:not(:has(+ .narrow)) { overflow-x: auto; } .wide:not(:has(+ .narrow)) svg { min-width: 560px; } }
    @media print { figure, table, .verdict { break-inside: avoid; } }
    """
}
