import { ActionIcon, FileButton, Tooltip } from '@mantine/core';
import { File as FileIcon, Paperclip } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { MessageFile } from '../api/types';
import { useFormat } from '../app/format';
import { say } from '../parts/say';
import c from './files.module.css';

const isPicture = (file: MessageFile) => file.type.startsWith('image/');

/** What hangs on a message: pictures are shown, the rest can be saved. */
export function Files({ room, files }: { room: string; files: MessageFile[] }) {
  const f = useFormat();
  const size = (bytes: number) =>
    bytes < 1_000_000 ? `${f.number(Math.ceil(bytes / 1_000))} kB` : `${f.number(Math.round(bytes / 100_000) / 10)} MB`;
  return (
    <ul className={c.files}>
      {files.map((file) => {
        const path = `/api/v1/rooms/${room}/files/${file.id}`;
        return (
          <li key={file.id}>
            {isPicture(file) && (
              <a href={path} download={file.name} className={c.picture}>
                <img src={`${path}?show=true`} alt={file.name} loading="lazy" decoding="async" />
              </a>
            )}
            <a href={path} download={file.name} className={c.file}>
              <FileIcon size={14} aria-hidden />
              <bdi>{file.name}</bdi>
              <small>{size(file.bytes)}</small>
            </a>
          </li>
        );
      })}
    </ul>
  );
}

/** Sends a file as a message, with what was written beside it. */
export function AttachFile({
  room,
  words,
  answers,
  onSent,
}: {
  room: string;
  words: string;
  /** The message that it answers. */
  answers?: number;
  onSent: () => void;
}) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const send = async (file: File | null) => {
    if (!file) return;
    setBusy(true);
    const asked = new URLSearchParams({ cid: crypto.randomUUID(), name: file.name });
    if (words.trim()) asked.set('body', words.trim());
    if (answers !== undefined) asked.set('reply_to', String(answers));
    try {
      await api.upload(`/rooms/${room}/files`, file, asked);
      onSent();
    } catch (fault) {
      say.problem(fault);
    } finally {
      setBusy(false);
    }
  };
  return (
    <FileButton onChange={(file) => void send(file)}>
      {(props) => (
        <Tooltip label={t('file.attach')} openDelay={400}>
          <ActionIcon {...props} size={28} loading={busy} aria-label={t('file.attach')}>
            <Paperclip size={15} strokeWidth={1.9} />
          </ActionIcon>
        </Tooltip>
      )}
    </FileButton>
  );
}
