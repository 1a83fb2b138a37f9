/* Draws <div data-chart="id"> from <script type="application/json" id="id">; the table beside it says the same.
   {kind: "bar"|"stacked"|"line", unit, categories: [], series: [{name, values: [], tone}], horizontal} */
(() => {
  "use strict";
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  const TONES = { accent: token("--accent"), grey: "#8d857d", blue: "#3f6f9f", green: "#2f7d52", amber: "#b9770e", red: token("--red"), overdue: token("--overdue") };
  const ORDER = ["accent", "grey", "blue", "amber", "green"];

  const draw = (box) => {
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const size = parseFloat(style.fontSize) * 0.875;
    const text = { color: token("--ink"), fontSize: size, fontFamily: token("--font") };
    const soft = { ...text, color: token("--ink-2") };
    const bars = data.kind !== "line";
    const many = data.series.length > 1;
    const names = { type: "category", data: data.categories, inverse: !!data.horizontal, axisTick: { show: false }, axisLine: { lineStyle: { color: token("--line-strong") } }, axisLabel: { ...soft, interval: bars ? 0 : "auto", hideOverlap: true } };
    const values = { type: "value", min: 0, splitLine: { lineStyle: { color: token("--line") } }, axisLabel: { ...soft, hideOverlap: true }, minInterval: 1 };
    // Bars too narrow for the figures on them lie down: on a phone with many years, say.
    const bold = size * 1.3 * data.series.length * data.categories.length;
    const lies = () => data.horizontal || (data.kind === "bar" && box.clientWidth < bold * 2);
    if (!data.horizontal && lies()) box.style.height = `${Math.max(box.clientHeight, bold * 1.35 + size * 6)}px`;
    const chart = echarts.init(box, null, { renderer: "canvas" });
    const paint = (flat) => chart.setOption({
      animation: false,
      textStyle: text,
      grid: { left: 8, right: 24, top: many ? size * 3 : size * 1.6, bottom: 8, containLabel: true },
      legend: { show: many, top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: text, selectedMode: false },
      xAxis: flat ? values : names,
      yAxis: flat ? { ...names, inverse: true } : values,
      series: data.series.map((line, index) => {
        const color = TONES[line.tone] || TONES[ORDER[index % ORDER.length]];
        return {
          name: line.name, type: bars ? "bar" : "line", stack: data.kind === "stacked" ? "all" : undefined, data: line.values, barMaxWidth: 36,
          itemStyle: { color, borderRadius: data.kind === "stacked" ? 0 : 2 }, lineStyle: { color, width: 2.5 }, symbolSize: 7, cursor: "default",
          label: { show: true, position: data.kind === "stacked" ? "inside" : flat ? "right" : "top", ...text, color: data.kind === "stacked" ? "#fff" : text.color, formatter: (point) => (point.value ? String(point.value) : "") },
          labelLayout: { hideOverlap: true },
          emphasis: { disabled: true },
        };
      }),
    }, true);
    let flat = lies();
    paint(flat);
    new ResizeObserver(() => {
      if (lies() !== flat) paint((flat = !flat));
      chart.resize();
    }).observe(box);
  };
  const boot = () => { if (window.echarts) document.querySelectorAll("[data-chart]").forEach(draw); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", boot); else boot();
})();
