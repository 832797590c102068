// Figures beside their budgets (FRONTEND: at most 200 ms at 200 steps, 350 ms at 1,000, at least 55 frames a second).

export const BUDGET_MS = { 200: 200, 1000: 350 };
const LEAST_FPS = 55;

function percentile(values, share) {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))];
}

/** One row for each gesture. Of frames a second the slow end is the low one. */
export function figuresOf(steps, found) {
  return Object.entries(found).map(([what, values]) => {
    const fps = what === 'pan';
    const [p50, p95] = [percentile(values, 0.5), fps ? percentile(values, 0.05) : percentile(values, 0.95)];
    const budget = fps ? LEAST_FPS : what === 'load' ? null : (BUDGET_MS[steps] ?? null);
    const holds = budget === null ? null : fps ? p95 >= budget : p95 <= budget;
    return { steps, what, unit: fps ? 'frames/s' : 'ms', p50, p95, budget, holds, times: values.length };
  });
}

const HEADS = ['steps', 'what', 'unit', 'budget', 'p50', 'p95', 'holds'];

function cells({ steps, what, unit, p50, p95, budget, holds }) {
  const limit = budget === null ? '' : `${unit === 'frames/s' ? '≥' : '≤'} ${budget}`;
  const number = (value) => (value === null ? '' : value < 10 ? value.toFixed(1) : value.toFixed(0));
  const verdict = holds === null ? '' : holds ? 'yes' : '**no**';
  return [
    steps === null ? '' : steps.toLocaleString('en'),
    what,
    unit,
    limit,
    number(p50),
    number(p95),
    verdict,
  ];
}

export function asMarkdown(figures) {
  const rows = [HEADS, HEADS.map(() => '---'), ...figures.map(cells)];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

export function asText(figures) {
  const rows = [HEADS, ...figures.map(cells)];
  const widths = HEADS.map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('  ')
        .replaceAll('**', '')
        .trimEnd(),
    )
    .join('\n');
}
