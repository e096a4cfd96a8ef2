/// How the live page looks around the report, whose own style sheet it loads too.
enum NotebookStyle {
  static let css = frame + source + result

  private static let frame = """
    :root { --bar: #f6f6f4; --accent: #0b5394; --on-accent: #fff; --shade: #0001; --k: #7a3e9d; --s: #2f7d32; --n: #a5530a; --d: #0b5394; }
    @media (prefers-color-scheme: dark) { :root { --bar: #242426; --accent: #2f6fb0; --shade: #0006; --k: #c99ae8; --s: #8fce8f;
      --n: #e8a86a; --d: #7ab7f5; } }
    [hidden] { display: none !important; }
    body.notebook { height: 100dvh; display: flex; flex-direction: column; overflow: hidden; }
    .bar, .banner, #tabs, #live, #problems, #printed, #empty, dialog, .source { font: 14px/1.45 system-ui, sans-serif; }
    .bar { position: relative; display: flex; align-items: center; gap: 1rem; padding: .45rem .9rem; background: var(--bar);
      border-bottom: 1px solid var(--line); flex: none; }
    .bar h1 { font: 600 14px/1.3 system-ui, sans-serif; margin: 0; display: flex; align-items: center; gap: .5rem; min-width: 0; }
    #file { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    #unsaved { flex: none; width: .55rem; height: .55rem; border-radius: 50%; background: var(--n); }
    #status { flex: 1; margin: 0; color: var(--muted); text-align: right; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
      font-variant-numeric: tabular-nums; }
    #status.failed { color: var(--fail); }
    .buttons { display: flex; gap: .4rem; flex: none; }
    .notebook button { font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--line); border-radius: 6px;
      padding: .22rem .8rem; cursor: pointer; }
    .notebook button:hover { border-color: var(--muted); } .notebook button:disabled { opacity: .45; cursor: default; border-color: var(--line); }
    .notebook button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
    .notebook button:focus-visible, #scroller:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    #scroller:focus-visible { outline-offset: -2px; }
    #progress { position: absolute; left: 0; right: 0; bottom: -2px; height: 3px; background: var(--faint); z-index: 9; }
    #progress i { display: block; height: 100%; width: 0; background: var(--link); transition: width .15s linear; }
    #progress.busy i { width: 30%; animation: slide 1.4s ease-in-out infinite alternate; }
    @keyframes slide { from { margin-left: 0; } to { margin-left: 70%; } }
    .banner { flex: none; padding: .5rem .9rem; display: flex; flex-wrap: wrap; gap: .4rem .6rem; align-items: center;
      border-bottom: 1px solid var(--line); background: color-mix(in srgb, var(--n) 14%, var(--ground)); }
    .banner span { flex: 1 1 14rem; }
    dialog { border: 1px solid var(--line); border-radius: 10px; background: var(--ground); color: var(--ink); padding: 1.1rem 1.3rem;
      max-width: 26rem; box-shadow: 0 12px 40px #0004; } dialog::backdrop { background: #0005; }
    dialog p { margin: 0 0 1rem; } dialog form { display: flex; justify-content: flex-end; gap: .5rem; }
    .panes { flex: 1; min-height: 0; display: grid; grid-template-columns: minmax(0, 46fr) minmax(0, 54fr); }
    kbd { font: .85em ui-monospace, "DejaVu Sans Mono", monospace; border: 1px solid var(--line); border-radius: 4px; padding: 0 .3em; }
    """

  private static let source = """

    .source { isolation: isolate; display: flex; flex-direction: column; min-height: 0; min-width: 0; border-right: 1px solid var(--line); }
    #text { flex: 1; width: 100%; border: 0; outline: 0; resize: none; padding: .7rem .9rem; background: var(--ground); color: var(--ink);
      font: 13px/1.55 ui-monospace, "DejaVu Sans Mono", monospace; tab-size: 2; white-space: pre; overflow: auto; }
    .plain { margin: 0; padding: .4rem .9rem; border-top: 1px solid var(--line); color: var(--muted); font-size: 12.5px; }
    .CodeMirror { flex: 1; min-height: 0; height: auto; background: var(--ground); color: var(--ink);
      font: 13px/1.55 ui-monospace, "DejaVu Sans Mono", monospace; }
    .CodeMirror-gutters { background: var(--ground); border: 0; } .CodeMirror-linenumber { color: var(--muted); opacity: .65; }
    .CodeMirror-lines { padding: .6rem 0; } .CodeMirror-cursor { border-left-color: var(--ink); }
    .CodeMirror-selected, .CodeMirror-focused .CodeMirror-selected { background: color-mix(in srgb, var(--link) 22%, var(--ground)); }
    .CodeMirror-line::selection, .CodeMirror-line > span::selection { background: color-mix(in srgb, var(--link) 22%, var(--ground)); }
    div.CodeMirror span.CodeMirror-matchingbracket { color: inherit; background: color-mix(in srgb, var(--link) 20%, transparent); }
    div.CodeMirror span.CodeMirror-nonmatchingbracket { color: var(--fail); }
    .CodeMirror .cm-keyword { color: var(--k); } .CodeMirror .cm-string { color: var(--s); } .CodeMirror .cm-number, .CodeMirror .cm-atom { color: var(--n); }
    .CodeMirror .cm-def, .CodeMirror .cm-builtin { color: var(--d); } .CodeMirror .cm-comment { color: var(--muted); font-style: italic; }
    .CodeMirror .cm-variable, .CodeMirror .cm-variable-2, .CodeMirror .cm-property, .CodeMirror .cm-operator { color: inherit; }
    .CodeMirror .problem-line { background: color-mix(in srgb, var(--fail) 10%, transparent); }
    .CodeMirror .problem-line .CodeMirror-linenumber { color: var(--fail); opacity: 1; font-weight: bold; }
    .beside { font: 13px/1.4 system-ui, sans-serif; color: var(--fail); padding: .1rem .6rem .35rem 1.2rem; white-space: pre-wrap; overflow-wrap: anywhere; }
    .beside.warning { color: var(--n); }
    .CodeMirror-hints { background: var(--ground); border-color: var(--line); font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
    .CodeMirror-hint { color: var(--ink); } li.CodeMirror-hint-active { background: var(--accent); color: var(--on-accent); }
    """

  private static let result = """

    .result { display: flex; flex-direction: column; min-height: 0; min-width: 0; }
    #tabs { flex: none; display: flex; gap: .2rem; padding: .4rem .9rem 0; border-bottom: 1px solid var(--line); overflow-x: auto; }
    .notebook #tabs button { border: 0; border-bottom: 2px solid transparent; border-radius: 0; background: none; color: var(--muted);
      padding: .3rem .6rem; white-space: nowrap; } .notebook #tabs button[aria-selected="true"] { color: var(--ink); border-color: var(--link); }
    #live { flex: none; padding: .5rem 1.25rem .3rem; border-bottom: 1px solid var(--line); background: var(--ground); }
    #live h2 { font: 13px/1.4 system-ui, sans-serif; color: var(--muted); margin: 0 0 .2rem; }
    #live canvas { display: block; width: 100%; height: 150px; }
    #scroller { flex: 1; min-height: 0; overflow: auto; overflow-anchor: none; container-type: inline-size; scrollbar-gutter: stable; }
    #report main { padding: 1.4rem 1.25rem 4rem; max-width: 780px; }
    #report figure { margin-inline: 0; }
    .cell.fresh { animation: appear .35s ease-out; } @keyframes appear { from { opacity: 0; } }
    #problems > div { margin: 1rem 1.25rem 0; padding: .6rem .8rem; border-left: 3px solid var(--fail);
      background: color-mix(in srgb, var(--fail) 8%, transparent); white-space: pre-wrap; overflow-wrap: anywhere; }
    #problems > .warning { border-color: var(--n); background: color-mix(in srgb, var(--n) 8%, transparent); }
    #problems > .stale { border: 0; background: none; padding: 0; color: var(--muted); }
    .notebook #problems button { border: 0; background: none; color: var(--link); padding: 0; text-decoration: underline; }
    #problems .hint { display: block; color: var(--muted); }
    #printed { margin: 1rem 1.25rem 0; } #printed pre { max-height: 14rem; overflow: auto; margin: .4rem 0 0; font-size: 12px; }
    #empty { margin: 18vh auto 0; max-width: 24rem; padding: 0 1.25rem; text-align: center; color: var(--muted); }
    #empty p:first-child { font-size: 1.15rem; }
    @container (max-width: 480px) { .narrow { display: block; } .wide:has(+ .narrow) { display: none; }
      .wide:not(:has(+ .narrow)) { overflow-x: auto; } .wide:not(:has(+ .narrow)) svg { min-width: 560px; } }
    @media (max-width: 760px) {
      body.notebook { height: auto; min-height: 100dvh; overflow: visible; } .bar { position: sticky; top: 0; z-index: 10; flex-wrap: wrap; gap: .2rem .8rem; }
      .bar h1 { flex: 1; } #status { order: 3; flex: 1 0 100%; text-align: left; font-size: 12.5px; }
      .panes { display: block; } .source { border-right: 0; border-bottom: 1px solid var(--line); height: 52dvh; }
      #scroller { overflow: visible; } #empty { margin-top: 3rem; padding-bottom: 4rem; } .notebook button { padding: .35rem .8rem; }
    }
    @media (prefers-reduced-motion: reduce) { .cell.fresh, #progress.busy i { animation: none; } }
    """
}
