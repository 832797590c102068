/** HTML of a mail as it looks, in a frame of its own: no script runs in it, nothing of this page can be reached. */
const STYLE =
  'body{font:14px/1.5 system-ui,sans-serif;margin:10px;background:#fff;color:#111;overflow-wrap:anywhere}';

export function HtmlFrame({ html, title }: { html: string; title: string }) {
  return (
    <iframe
      title={title}
      sandbox=""
      srcDoc={`<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light"><style>${STYLE}</style>${html}`}
      style={{
        display: 'block',
        width: '100%',
        height: 220,
        marginTop: 4,
        border: '1px solid var(--mantine-color-default-border)',
        borderRadius: 'var(--mantine-radius-sm)',
        background: 'white',
        colorScheme: 'light',
      }}
    />
  );
}
