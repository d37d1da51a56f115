/// How pages look, in light, in dark, on a phone and on paper; it must hold no `<` and no `&`.
enum Stylesheet {
  static let text = """
    :root {
      color-scheme: light dark;
      --ground: #f5f6f8; --card: #ffffff; --ink: #171b21; --soft: #5a6471; --rule: #e1e5ea;
      --grid: #edeff2; --mark: #c2620a; --hit: 37 99 235; --miss: 214 69 48;
      --c0: #2563eb; --c1: #9aa5b4; --c2: #0f9080; --c3: #c2620a; --c4: #8b3fd0; --c5: #d23a6c;
      --c6: #5f8a14; --c7: #0a86c4;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #0f1216; --card: #171b21; --ink: #e6e9ee; --soft: #9ba6b4; --rule: #2a3039;
        --grid: #222830; --mark: #f0a04b; --hit: 74 128 240; --miss: 224 92 70;
        --c0: #6c9dff; --c1: #6d7887; --c2: #3cc4b2; --c3: #f0a04b; --c4: #b98af0; --c5: #f07a9f;
        --c6: #9cc84e; --c7: #4fb8ea;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--ground); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
      -webkit-text-size-adjust: 100%;
    }
    main { max-width: 1080px; margin: 0 auto; padding: 44px 24px 56px; }
    h1 { margin: 0; font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -0.02em; overflow-wrap: anywhere; }
    h2 { margin: 0 0 12px; font-size: 18px; font-weight: 650; letter-spacing: -0.01em; }
    h3 { margin: 0; font-size: 14px; font-weight: 600; }
    p { margin: 0; }
    .over { color: var(--soft); font-size: 13px; margin-bottom: 6px; overflow-wrap: anywhere; }
    .under { color: var(--soft); margin-top: 8px; overflow-wrap: anywhere; }
    section { margin-top: 40px; }
    .note { color: var(--soft); font-size: 14px; margin: -6px 0 12px; }
    .tiles {
      display: flex; flex-wrap: wrap; gap: 1px; margin: 28px 0 0; overflow: hidden;
      background: var(--rule); border: 1px solid var(--rule); border-radius: 12px;
    }
    .tile { flex: 1 1 150px; background: var(--card); padding: 14px 18px 16px; }
    .tile dt { color: var(--soft); font-size: 13px; }
    .tile dd { margin: 2px 0 0; font-size: 22px; font-weight: 600; letter-spacing: -0.01em; white-space: nowrap; font-variant-numeric: tabular-nums; }
    .tile small { color: var(--soft); font-size: 13px; font-weight: 400; letter-spacing: 0; }
    .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 16px; }
    .card { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 16px 18px; min-width: 0; }
    .card + .card.wide, .cards + .cards, .card + .cards, .cards + .card { margin-top: 16px; }
    .head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 4px 16px; margin-bottom: 10px; }
    .head .aside { color: var(--soft); font-size: 13px; }
    .legend { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: 13px; color: var(--soft); }
    .key { display: inline-flex; align-items: center; gap: 6px; overflow-wrap: anywhere; }
    .key::before { content: ""; flex: none; width: 14px; height: 3px; border-radius: 2px; background: var(--c); }
    .key.mark::before { width: 0; height: 12px; border-radius: 0; background: none; border-left: 2px dotted var(--mark); }
    .key.many::before { width: 8px; height: 8px; border-radius: 4px; background: var(--soft); }
    .c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
    .c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); } .c7 { --c: var(--c7); }
    .chart { display: block; width: 100%; height: auto; overflow: visible; }
    .chart text { fill: var(--soft); font-size: 11.5px; font-variant-numeric: tabular-nums; }
    .grid { stroke: var(--grid); stroke-width: 1; }
    .axis { stroke: var(--rule); stroke-width: 1; }
    .line { fill: none; stroke: var(--c); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
    .dot { fill: var(--c); stroke: var(--card); stroke-width: 2; }
    .best { stroke: var(--mark); stroke-width: 1.2; stroke-dasharray: 2 3; }
    .point { fill: var(--c0); fill-opacity: 0.45; }
    .bar { fill: var(--c0); fill-opacity: 0.8; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
    .plain { width: 100%; }
    .plain th { color: var(--soft); font-size: 13px; font-weight: 500; text-align: left; padding: 0 12px 6px 0; border-bottom: 1px solid var(--rule); white-space: nowrap; }
    .plain td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--grid); overflow-wrap: anywhere; }
    .plain tr:last-child td { border-bottom: 0; padding-bottom: 0; }
    .plain th:last-child, .plain td:last-child { padding-right: 0; }
    .plain .number { text-align: right; white-space: nowrap; }
    .plain .top { font-weight: 650; color: var(--c0); }
    .plain td .key { white-space: nowrap; }
    .matrix { border-collapse: separate; border-spacing: 2px; margin: 0 auto; --s: 40px; }
    .matrix td { width: var(--s); min-width: var(--s); height: var(--s); padding: 0; text-align: center; border-radius: 4px; background: rgb(var(--h) / var(--a)); }
    .matrix td { --h: var(--miss); --a: 0; }
    .matrix td.hit { --h: var(--hit); }
    .matrix td.corner { width: auto; min-width: 0; height: auto; background: none; }
    .matrix td.pool { background: var(--grid); color: var(--soft); }
    .matrix td.deep { color: #ffffff; }
    .matrix td.none { background: var(--grid); color: transparent; }
    .matrix th { color: var(--soft); font-size: 13px; font-weight: 500; padding: 0 6px; white-space: nowrap; }
    .matrix tbody th { text-align: right; max-width: 140px; overflow: hidden; text-overflow: ellipsis; }
    .matrix .tall th span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 140px; overflow: hidden; text-overflow: ellipsis; }
    .matrix .tall th { vertical-align: bottom; padding: 4px 0; }
    .matrix.few { --s: 84px; font-size: 17px; }
    .matrix.some { --s: 27px; font-size: 11px; }
    .matrix.many { --s: 17px; font-size: 8px; border-spacing: 1px; }
    .matrix.some th { font-size: 11px; } .matrix.many th { font-size: 9px; padding: 0 3px; }
    .matrix.some td, .matrix.many td { border-radius: 2px; }
    .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); gap: 12px; }
    .pictures figure { margin: 0; padding: 12px 8px 10px; text-align: center; background: var(--card); border: 1px solid var(--rule); border-radius: 12px; }
    .pictures img { width: 72px; height: 72px; object-fit: contain; image-rendering: pixelated; border-radius: 4px; background: #000000; }
    .pictures figcaption { margin-top: 6px; font-size: 13px; line-height: 1.35; color: var(--soft); overflow-wrap: anywhere; }
    .pictures small { font-size: 12px; }
    .pictures b { font-weight: 600; color: var(--ink); }
    .facts { margin: 0; columns: 2 360px; column-gap: 40px; font-size: 14px; }
    .facts div { display: flex; justify-content: space-between; gap: 20px; padding: 4px 0; border-bottom: 1px solid var(--grid); break-inside: avoid; }
    .facts dt { color: var(--soft); flex: none; }
    .facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
    footer { margin-top: 40px; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
    @media (max-width: 600px) {
      main { padding: 24px 14px 40px; }
      h1 { font-size: 24px; }
      section { margin-top: 30px; }
      .card { padding: 14px 12px; }
      .tile { flex-basis: 40%; padding: 12px 14px; }
      .tile dd { font-size: 19px; }
      .head { flex-direction: column; }
      .chart text { font-size: 13.5px; }
      .matrix { --s: 28px; font-size: 13px; border-spacing: 1px; }
      .matrix th { padding: 0 3px; font-size: 12px; }
      .matrix.few { --s: 70px; }
      .pictures { grid-template-columns: repeat(auto-fill, minmax(88px, 1fr)); gap: 8px; }
    }
    @media print {
      :root {
        --ground: #ffffff; --card: #ffffff; --ink: #000000; --soft: #4a5361; --rule: #d5dae0;
        --grid: #e8ebef; --mark: #c2620a; --hit: 37 99 235; --miss: 214 69 48;
        --c0: #2563eb; --c1: #9aa5b4; --c2: #0f9080; --c3: #c2620a; --c4: #8b3fd0; --c5: #d23a6c;
        --c6: #5f8a14; --c7: #0a86c4;
      }
      body { font-size: 12px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      main { max-width: none; padding: 0; }
      section { margin-top: 22px; }
      .cards .card, .tiles, figure, tr { break-inside: avoid; }
      h2, .note { break-after: avoid; }
      h3 { font-size: 12px; }
      .legend, .head .aside { font-size: 11px; }
      .tile { flex-basis: 30%; box-shadow: 0 0 0 1px var(--rule); }
      .matrix { --s: 25px; font-size: 11px; border-spacing: 1px; }
      .matrix.few { --s: 60px; }
      .matrix.some { --s: 20px; font-size: 9px; }
      .matrix.many { --s: 12px; font-size: 6px; }
      .cards { grid-template-columns: 1fr 1fr; }
      .scroll { overflow: visible; }
    }

    """
}
