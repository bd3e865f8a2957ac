namespace Mos.Reports.Pages;

/// <summary>The style sheet of all pages. Pages are written as XML, so it has no character that XML would escape.</summary>
internal static class PageStyle
{
    // The colours follow the palette of Okabe and Ito. They differ in lightness too; their contrast to the page is at least 3:1.
    public const string Sheet = """

        :root {
          color-scheme: light dark;
          --page: #ffffff; --ink: #1b1b1b; --faint: #5a5a5a; --rule: #dcdcdc;
          --heat: #e0451f; --c0: #0072b2; --c1: #c04a00; --c2: #00805f; --c3: #a33d7d; --c4: #8a6a00; --c5: #333333;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --page: #16181a; --ink: #ececec; --faint: #a8a8a8; --rule: #3a3d40;
            --heat: #ff6a3d; --c0: #56b4e9; --c1: #f0803c; --c2: #2bc79a; --c3: #e59ac8; --c4: #e8d94a; --c5: #d0d0d0;
          }
        }
        .c0 { --curve: var(--c0); } .c1 { --curve: var(--c1); } .c2 { --curve: var(--c2); }
        .c3 { --curve: var(--c3); } .c4 { --curve: var(--c4); } .c5 { --curve: var(--c5); }
        body {
          margin: 0 auto; padding: 1rem; max-width: 72rem; background: var(--page); color: var(--ink);
          font: 1rem/1.45 system-ui, sans-serif;
        }
        h1 { font-size: 1.5rem; margin: 0 0 1rem; }
        h2 { font-size: 1.1rem; margin: 0; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { padding: .4rem .6rem; text-align: right; vertical-align: bottom; border-bottom: 1px solid var(--rule); }
        th { font-weight: 600; } thead th { font-size: .85rem; color: var(--faint); }
        tbody th { min-width: 8rem; } td { white-space: nowrap; } th:first-child { text-align: left; }
        tbody th, section li, figcaption span { overflow-wrap: anywhere; }
        h3 { font-size: .9rem; margin: 1rem 0 .2rem; color: var(--faint); font-weight: 600; }
        .words { margin: .2rem 0 .6rem; line-height: 1.15; break-inside: avoid; }
        .words b { display: block; font-size: .85rem; margin-bottom: .2rem; } .words .swatch { margin-right: .4rem; }
        .words span {
          display: inline-flex; flex-direction: column; align-items: center;
          margin: .1rem; padding: .1rem .25rem; border-radius: .2rem;
          background: color-mix(in srgb, var(--heat) calc(var(--s) * 55%), transparent); print-color-adjust: exact;
        }
        .words small { font-size: .65rem; }
        .context { font-weight: 400; } .whisker { stroke: var(--curve); stroke-width: 2; }
        table + table { margin-top: 1.5rem; }
        section { margin-top: 1.5rem; } section ul { margin: .3rem 0; padding-left: 1.2rem; font-size: .9rem; }
        main {
          display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 2rem; margin-top: 2rem;
        }
        figure { margin: 0; min-width: 0; max-width: 42rem; break-inside: avoid; }
        figure p { margin: 0 0 .5rem; font-size: .9rem; color: var(--faint); }
        figure svg { display: block; width: 100%; height: auto; }
        figcaption { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; font-size: .9rem; }
        figcaption span { display: inline-flex; align-items: center; gap: .4rem; }
        figure .swatch, .swatch { display: inline-block; flex: none; width: 2rem; height: .65rem; }
        th .swatch { margin-right: .5rem; }
        .curve { stroke: var(--curve); fill: none; stroke-width: 1.75; stroke-linejoin: round; }
        .curve circle { fill: var(--curve); stroke: none; } .curve text { stroke: none; }
        .grid { stroke: var(--rule); stroke-width: 1; } .axis { stroke: var(--faint); stroke-width: 1; }
        text { font-size: 12.5px; fill: var(--faint); } .label { fill: var(--ink); }
        .marker { fill: var(--curve); stroke: var(--page); stroke-width: 1; } .marked.swatch { width: .9rem; height: .9rem; }
        .part { stroke: var(--curve); stroke-width: 1.5; } .point .whisker { stroke-width: 1; opacity: .6; }
        .point-label { paint-order: stroke; stroke: var(--page); stroke-width: 3; }
        .fronts { font-size: .9rem; } .fronts td { white-space: normal; } .fronts tbody th { min-width: 6rem; }
        .point:hover .marker, .point:focus .marker { stroke: var(--ink); stroke-width: 2; } .point:focus { outline: none; }
        .tip { visibility: hidden; fill: var(--ink); } .point:hover .tip, .point:focus .tip { visibility: visible; }
        .front { fill: none; stroke: var(--ink); stroke-width: 1.25; } .floor { stroke: var(--faint); stroke-dasharray: 6 4; }
        .middle { text-anchor: middle; } .end { text-anchor: end; }
        @media screen and (max-width: 56rem) {
          thead { position: absolute; clip-path: inset(50%); }
          tr { display: block; margin-bottom: 1rem; }
          th, td { display: flex; padding: .25rem 0; } td { justify-content: space-between; gap: 1rem; }
          tbody th { align-items: center; }
          td::before { white-space: normal; content: attr(data-header); color: var(--faint); text-align: left; }
          text { font-size: 15px; }
        }
        @media print {
          body { padding: 0; font-size: 10pt; } main { grid-template-columns: 1fr 1fr; gap: 1rem; }
          svg { print-color-adjust: exact; }
          th, td { padding: .2rem .35rem; } td { white-space: normal; }
        }

        """;
}
