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
    figure { margin: 1.8rem calc((100% - min(960px, 100vw - 2.5rem)) / 2); outline-offset: 6px; }
    figure > :is(h3, figcaption, .controls, details, p) { max-width: 720px; margin-inline: auto; } figure svg { width: 100%; height: auto; display: block; }
    figure > h3 { margin-top: 0; } figcaption { color: var(--muted); font-size: .85rem; margin-top: .4rem; }
    .controls { font-size: .85rem; } .controls[hidden] { display: none; }
    .control { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem .8rem; min-height: 2.2rem; }
    .control input { flex: 1 1 10rem; min-width: 8rem; accent-color: var(--link); }
    .control output { min-width: 4.5rem; font-variant-numeric: tabular-nums; }
    .control button { font: inherit; color: inherit; background: var(--code); border: 1px solid var(--muted); border-radius: 4px;
      padding: .15rem .7rem; min-width: 4.6rem; cursor: pointer; }
    .control :is(input, button):focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
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
    .verdict.failed { border-color: var(--fail); background: color-mix(in srgb, var(--fail) 8%, transparent); }
    .verdict.failed b { color: var(--fail); } .verdict.untested { border-color: var(--muted); background: none; }
    .verdict.untested b { color: var(--muted); }
    #note { position: absolute; pointer-events: none; white-space: pre; background: var(--ink); color: var(--ground);
      padding: .25rem .5rem; border-radius: 4px; font-size: .78rem; line-height: 1.35; z-index: 2; }
    #note[hidden], #card[hidden] { display: none; }
    #card { position: fixed; right: 1rem; bottom: 1rem; z-index: 3; max-width: min(30rem, calc(100vw - 2rem)); max-height: 70vh;
      overflow: auto; background: var(--ground); color: var(--ink); border: 1px solid var(--muted); border-radius: 6px;
      padding: .7rem 1rem; font-size: .85rem; box-shadow: 0 2px 12px #0004; }
    #card p { margin: .3rem 0; } #card pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .4rem 0; padding: .5rem; }
    #card button { float: right; font: inherit; color: inherit; background: var(--code); border: 1px solid var(--muted);
      border-radius: 4px; padding: .1rem .6rem; cursor: pointer; margin-left: .8rem; }
    .live-layer { pointer-events: none; } .live-image { image-rendering: pixelated; } .live-level { fill: none; stroke: #000; stroke-width: 1.4; }
    .live-unit { fill: none; stroke: #555; stroke-width: .8; stroke-dasharray: 4 2; } .live-sample { stroke: #fff; stroke-width: .7; }
    .live-rim { fill: none; stroke: var(--paper); stroke-width: 3.2; stroke-linejoin: round; } .live-arrow { fill: none; stroke: #d55e00; stroke-width: 1.1; }
    .live-start { fill: none; stroke: var(--ink); stroke-width: 1.2; } .live-ball { fill: #d55e00; stroke: #fff; stroke-width: 1; }
    .live-field svg { cursor: crosshair; touch-action: manipulation; } .live-band { fill: var(--ink); opacity: .16; } .live-median { fill: none; stroke: var(--ink); stroke-width: 1.6;
      stroke-linejoin: round; } .live button { margin-right: .2rem; } .live label { flex: 0 0 9rem; } .live select { font: inherit; color: inherit; background: var(--code);
      border: 1px solid var(--muted); border-radius: 4px; padding: .15rem .4rem; }
    .brush { pointer-events: none; fill: none; stroke: var(--ink); stroke-linejoin: round; }
    @media (max-width: 520px) { main { padding: 1.2rem .8rem 3rem; } figure { margin-inline: 0; } h1 { font-size: 1.4rem; }
      .verdict { gap: .5rem; padding: .5rem .6rem; } }
    @media (max-width: 700px) { .narrow { display: block; } .narrow svg { max-width: 520px; margin: 0 auto; } .wide:has(+ .narrow) { display: none; }
      .wide:not(:has(+ .narrow)) { overflow-x: auto; } .wide:not(:has(+ .narrow)) svg { min-width: 560px; } }
    @media print { .controls { display: none; } figure, table, .verdict { break-inside: avoid; } }
    """
}
