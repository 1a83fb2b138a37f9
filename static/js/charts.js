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
    const chart = echarts.init(box, null, { renderer: "canvas" });
    chart.setOption({
      animation: false,
      textStyle: text,
      grid: { left: 8, right: 24, top: many ? size * 3 : size * 1.6, bottom: 8, containLabel: true },
      legend: { show: many, top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: text, selectedMode: false },
      xAxis: data.horizontal ? values : names,
      yAxis: data.horizontal ? names : values,
      series: data.series.map((line, index) => {
        const color = TONES[line.tone] || TONES[ORDER[index % ORDER.length]];
        return {
          name: line.name, type: bars ? "bar" : "line", stack: data.kind === "stacked" ? "all" : undefined, data: line.values, barMaxWidth: 36,
          itemStyle: { color, borderRadius: data.kind === "stacked" ? 0 : 2 }, lineStyle: { color, width: 2.5 }, symbolSize: 7, cursor: "default",
          label: { show: true, position: data.kind === "stacked" ? "inside" : data.horizontal ? "right" : "top", ...text, color: data.kind === "stacked" ? "#fff" : text.color, formatter: (point) => (point.value ? String(point.value) : "") },
          emphasis: { disabled: true },
        };
      }),
    });
    new ResizeObserver(() => chart.resize()).observe(box);
  };
  const boot = () => { if (window.echarts) document.querySelectorAll("[data-chart]").forEach(draw); };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", boot); else boot();
})();
