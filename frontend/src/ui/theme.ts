/**
 * The looks of the product: Mantine's theme and our own colour tokens.
 *
 * Every pair of text and background here passes WCAG AA in both colour schemes; use the tokens
 * (`var(--ry-…)`) instead of palette numbers for coloured text. Knows nothing of pages or data.
 */
import {
  ActionIcon,
  Badge,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  Menu,
  Modal,
  MultiSelect,
  Paper,
  SegmentedControl,
  Select,
  Table,
  Tooltip,
} from '@mantine/core';

/** What a step does, as colours: `var(--ry-<category>)` on `var(--ry-<category>-bg)`. */
const CATEGORIES = ['when', 'if', 'tell', 'data', 'connect', 'wait'] as const;
export type Category = (typeof CATEGORIES)[number];

const tones = {
  light: {
    when: ['#5f3dc4', '#efeaff'],
    if: ['#a8410a', '#fff1e2'],
    tell: ['#086650', '#e3f9f1'],
    data: ['#1862ab', '#e7f3ff'],
    connect: ['#862e9c', '#f9ecfd'],
    wait: ['#495057', '#eef0f3'],
    good: ['#086650', '#e3f9f1'],
    bad: ['#c92a2a', '#fff0f0'],
    busy: ['#1862ab', '#e7f3ff'],
    still: ['#495057', '#eef0f3'],
  },
  dark: {
    when: ['#b9a5ff', '#2f2750'],
    if: ['#ffb066', '#3d2a17'],
    tell: ['#52d9ae', '#173a31'],
    data: ['#7cc0ff', '#1a3350'],
    connect: ['#e199f2', '#3a2340'],
    wait: ['#c6cad0', '#33363b'],
    good: ['#52d9ae', '#173a31'],
    bad: ['#ff8787', '#43211f'],
    busy: ['#7cc0ff', '#1a3350'],
    still: ['#c6cad0', '#33363b'],
  },
} as const;

function toneVariables(scheme: 'light' | 'dark'): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, [text, background]] of Object.entries(tones[scheme])) {
    out[`--ry-${name}`] = text;
    out[`--ry-${name}-bg`] = background;
  }
  return out;
}

export const cssVariables: CSSVariablesResolver = () => ({
  variables: { '--ry-nav-width': '200px', '--ry-nav-narrow': '56px' },
  light: {
    '--mantine-color-dimmed': '#59616a',
    '--mantine-color-placeholder': '#6c737b',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-anchor': '#5f3dc4',
    '--mantine-color-violet-light': '#e5dbff',
    '--mantine-color-violet-light-hover': '#d9ccff',
    '--mantine-color-violet-light-color': '#5735b8',
    '--ry-line': '#dee2e6',
    '--ry-line-soft': '#e9ecef',
    '--ry-canvas': '#f6f8fa',
    '--ry-track': '#f1f3f5',
    '--ry-raised': '#ffffff',
    '--ry-hover': '#f6f7f9',
    // A shadow tells a dialog from the page; in the dark a line does.
    '--ry-edge': 'none',
    '--ry-switch-on': '#099268',
    ...toneVariables('light'),
  },
  dark: {
    '--mantine-color-body': '#1f1f1f',
    '--mantine-color-dimmed': '#a9adb3',
    '--mantine-color-placeholder': '#9b9fa6',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': '#b9a5ff',
    '--mantine-color-violet-light': '#2f2059',
    '--mantine-color-violet-light-hover': '#3a2a6b',
    '--mantine-color-violet-light-color': '#cbbcff',
    '--ry-line': '#3b3b3b',
    '--ry-line-soft': '#333333',
    '--ry-canvas': '#191919',
    '--ry-track': '#2c2c2c',
    '--ry-raised': '#292929',
    '--ry-hover': '#2a2a2a',
    '--ry-edge': '1px solid #4a4a4a',
    '--ry-switch-on': '#0b8f68',
    ...toneVariables('dark'),
  },
});

export const theme = createTheme({
  primaryColor: 'violet',
  primaryShade: { light: 6, dark: 7 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    '"Inter Variable", system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "PingFang SC", "Microsoft YaHei", "Noto Sans KR", "Noto Sans SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontWeight: '700',
    sizes: {
      h1: { fontSize: '1.6875rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4', fontWeight: '600' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4', fontWeight: '600' },
    },
  },
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 'lg' } }),
    Badge: Badge.extend({
      defaultProps: { variant: 'light', radius: 'xl' },
      styles: { root: { textTransform: 'none', fontWeight: 600 } },
    }),
    Button: Button.extend({ styles: { label: { fontWeight: 600 } } }),
    Drawer: Drawer.extend({
      defaultProps: { position: 'right', size: 520, padding: 'lg', overlayProps: { opacity: 0.4 } },
      styles: {
        content: { border: 'var(--ry-edge)' },
        title: { fontWeight: 700, fontSize: '1.125rem', lineHeight: 1.35 },
      },
    }),
    // A menu holds nothing but its items: opening it by keyboard goes to the first one.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, padding: 'lg', radius: 'lg', overlayProps: { opacity: 0.4 } },
      styles: {
        content: { border: 'var(--ry-edge)' },
        title: { fontWeight: 700, fontSize: '1.125rem', lineHeight: 1.35 },
      },
    }),
    Paper: Paper.extend({ defaultProps: { radius: 'md' } }),
    SegmentedControl: SegmentedControl.extend({
      // Where the choices are wider than their place they go on in a second line: none is cut off.
      styles: {
        root: { background: 'var(--ry-track)', flexWrap: 'wrap', maxWidth: '100%' },
        label: { fontWeight: 600 },
      },
    }),
    // Typing and Enter chooses: nobody has to press the arrow first.
    MultiSelect: MultiSelect.extend({ defaultProps: { selectFirstOptionOnChange: true } }),
    Select: Select.extend({
      defaultProps: { allowDeselect: false, checkIconPosition: 'right', selectFirstOptionOnChange: true },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm', horizontalSpacing: 'sm' } }),
    Tooltip: Tooltip.extend({ defaultProps: { withArrow: true, openDelay: 300 } }),
  },
});
