import {
  ActionIcon, Button, createTheme, Menu, Modal, NativeSelect, NumberInput, PasswordInput, Popover, Select,
  Textarea, TextInput, Tooltip, type CSSVariablesResolver, type MantineColorsTuple,
} from '@mantine/core';

export type Density = 'compact' | 'comfortable';

const pine: MantineColorsTuple = ['#e9f7f2', '#d3ebe2', '#a6d7c4', '#75c2a4', '#4cb089', '#31a579', '#128060', '#0d6b50', '#0a5842', '#064433'];
const stone: MantineColorsTuple = ['#f7f7f5', '#eeeeeb', '#dfdfda', '#c6c6bf', '#a3a39a', '#7d7d74', '#5f5f57', '#47473f', '#2e2e29', '#1b1b18'];
const night: MantineColorsTuple = ['#e6e8e6', '#c4c9c5', '#a2a8a4', '#6b726e', '#3a413d', '#292e2b', '#1a1e1c', '#141716', '#0f1211', '#0a0c0b'];
const rust: MantineColorsTuple = ['#fbeee9', '#f6dcd2', '#ecb8a5', '#e19377', '#d8734f', '#d15f36', '#c2461f', '#a93c1a', '#8f3315', '#6f270f'];

/** Tokens of the design language; every colour of the app is one of these. */
export const variables: CSSVariablesResolver = () => ({
  variables: {
    '--radius-tag': '5px', '--radius-control': '8px', '--radius-panel': '12px',
    '--shadow-rest': '0 1px 2px rgb(0 0 0 / 0.04)', '--shadow-lift': '0 12px 28px rgb(0 0 0 / 0.18)',
    '--mono': 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
    '--stage-identified': '#a3a39a', '--stage-qualified': '#6b8fd6', '--stage-technical_ok': '#7d5fb2',
    '--stage-business_ok': '#e0a526', '--stage-committed': '#d2603a', '--stage-won': '#128060',
    '--stage-delivered': '#31a579', '--stage-lost': '#7d7d74',
  },
  light: {
    '--mantine-color-body': '#fbfbf9', '--surface': '#ffffff', '--lane': '#f3f3f0', '--line': '#e6e6e1', '--line-strong': '#c6c6bf',
    '--ink': '#1b1b18', '--dim': '#63635b', '--mantine-color-text': '#1b1b18', '--mantine-color-dimmed': '#63635b',
    '--mantine-color-default-border': '#c6c6bf', '--mantine-color-placeholder': '#6d6d64', '--mantine-color-error': '#b83f1a',
    '--action': '#128060', '--action-ink': '#0d6b50', '--soft': '#d3ebe2', '--soft-ink': '#064433', '--hover': '#f3f3f0',
    '--ok': '#2b7a4b', '--wait': '#8f5f06', '--problem': '#b83f1a', '--info': '#3d67b1',
    '--ok-soft': '#e6f3ea', '--wait-soft': '#fbf1dc', '--problem-soft': '#fbeee9', '--info-soft': '#e9eff9', '--private-soft': '#f5efe2',
  },
  dark: {
    '--mantine-color-body': '#0f1211', '--surface': '#1a1e1c', '--lane': '#141716', '--line': '#292e2b', '--line-strong': '#414844',
    '--ink': '#e6e8e6', '--dim': '#a2a8a4', '--mantine-color-text': '#e6e8e6', '--mantine-color-dimmed': '#a2a8a4',
    '--mantine-color-default-border': '#414844', '--mantine-color-placeholder': '#8d938f', '--mantine-color-error': '#f0906f',
    '--action': '#128060', '--action-ink': '#4cb089', '--soft': '#06281f', '--soft-ink': '#a6d7c4', '--hover': '#212624',
    '--ok': '#67c08a', '--wait': '#e0b052', '--problem': '#f0906f', '--info': '#8fb1ee',
    '--ok-soft': '#13261b', '--wait-soft': '#2b2310', '--problem-soft': '#321a12', '--info-soft': '#182236', '--private-soft': '#26221a',
  },
});

export function theme(density: Density) {
  const size = density === 'compact' ? 'xs' : 'sm';
  const field = { defaultProps: { size } };
  return createTheme({
    primaryColor: 'pine',
    primaryShade: { light: 6, dark: 6 },
    colors: { pine, gray: stone, dark: night, red: rust },
    fontFamily: '"Inter Variable", Inter, system-ui, sans-serif',
    fontFamilyMonospace: 'var(--mono)',
    fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
    radius: { xs: '5px', sm: '8px', md: '8px', lg: '12px', xl: '16px' },
    lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.45', xl: '1.25' },
    shadows: { xs: 'var(--shadow-rest)', sm: 'var(--shadow-rest)', md: 'var(--shadow-lift)', lg: 'var(--shadow-lift)', xl: 'var(--shadow-lift)' },
    defaultRadius: 'md',
    headings: { fontWeight: '620' },
    cursorType: 'pointer',
    focusRing: 'auto',
    components: {
      Button: Button.extend({ defaultProps: { size } }),
      TextInput: TextInput.extend(field),
      Textarea: Textarea.extend(field),
      NumberInput: NumberInput.extend(field),
      PasswordInput: PasswordInput.extend(field),
      Select: Select.extend({ defaultProps: { size, allowDeselect: false, comboboxProps: { shadow: 'md' } } }),
      NativeSelect: NativeSelect.extend(field),
      ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: density === 'compact' ? 28 : 34 } }),
      Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, withArrow: false, fz: 12 } }),
      Menu: Menu.extend({ defaultProps: { shadow: 'md', position: 'bottom-end' } }),
      Popover: Popover.extend({ defaultProps: { shadow: 'md' } }),
      Modal: Modal.extend({ defaultProps: { centered: true, radius: 'lg', padding: 'lg', transitionProps: { duration: 140 }, overlayProps: { backgroundOpacity: 0.35 } } }),
    },
  });
}
