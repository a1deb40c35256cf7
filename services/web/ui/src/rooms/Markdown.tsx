import { useMemo, type ReactNode } from 'react';
import { read, type Block, type Inline } from './markdown';
import { useTranslation } from 'react-i18next';
import { useMe } from '../app/queries';
import { ALL } from './mentions';
import c from './markdown.module.css';

/** A message as it was meant; its marks become elements, everything else stays text. */
export function Markdown({ text, tail }: { text: string; tail?: ReactNode }) {
  const blocks = useMemo(() => read(text), [text]);
  const last = blocks.at(-1);
  const joins = last?.is === 'paragraph' || last?.is === 'heading';
  return (
    <div className={c.text} dir="auto">
      {blocks.map((block, place) => (
        <Piece key={place} block={block} tail={joins && block === last ? tail : undefined} />
      ))}
      {!joins && tail && <p>{tail}</p>}
    </div>
  );
}

function Piece({ block, tail }: { block: Block; tail?: ReactNode }) {
  switch (block.is) {
    case 'paragraph':
      return (
        <p>
          <Words parts={block.parts} />
          {tail}
        </p>
      );
    case 'heading':
      return (
        <p className={c.heading}>
          <Words parts={block.parts} />
          {tail}
        </p>
      );
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case 'quote':
      return (
        <blockquote>
          {block.blocks.map((one, place) => (
            <Piece key={place} block={one} />
          ))}
        </blockquote>
      );
    case 'list': {
      const items = block.items.map((item, place) => (
        <li key={place}>
          {item.map((one, part) => (
            <Piece key={part} block={one} />
          ))}
        </li>
      ));
      return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
    }
  }
}

/** Whoever is called: it stands out where that is the reader. */
function Mention({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const ours = [me.person.id, me.organisation.id, ALL].includes(id);
  return (
    <b className={c.mention} data-me={ours || undefined}>
      @{id === ALL ? t('mention.all') : name}
    </b>
  );
}

function Words({ parts }: { parts: Inline[] }) {
  return parts.map((part, place) => <Word key={place} part={part} />);
}

function Word({ part }: { part: Inline }) {
  switch (part.is) {
    case 'text':
      return part.text;
    case 'break':
      return <br />;
    case 'code':
      return <code>{part.text}</code>;
    case 'mention':
      return <Mention id={part.id} name={part.name} />;
    case 'strong':
      return (
        <strong>
          <Words parts={part.parts} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Words parts={part.parts} />
        </em>
      );
    case 'strike':
      return (
        <s>
          <Words parts={part.parts} />
        </s>
      );
    case 'link':
      return (
        <a href={part.href} title={part.href} target="_blank" rel="noreferrer noopener nofollow">
          <Words parts={part.parts} />
        </a>
      );
  }
}
