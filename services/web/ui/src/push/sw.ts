/// <reference lib="webworker" />
import { shown, type Message } from './message';

declare const self: ServiceWorkerGlobalScope;

// It keeps nothing and answers no request of a page: the app comes from the hub alone.
self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

const windows = () => self.clients.matchAll({ type: 'window', includeUncontrolled: true });

function read(data: PushMessageData | null): Message | undefined {
  try {
    return data?.json() as Message;
  } catch {
    return undefined;
  }
}

self.addEventListener('push', (event) => {
  const message = read(event.data);
  const tell = async () => {
    // Who looks at the app is told there; only a trial is shown all the same.
    const looks = (await windows()).some((one) => one.visibilityState === 'visible' && one.focused);
    if (looks && message?.about !== 'trial') return;
    const { title, body, tag, url } = shown(message);
    await self.registration.showNotification(title, {
      body,
      tag,
      data: { url },
      icon: '/icon-192.png',
      badge: '/icon-192.png',
      lang: message?.locale,
    });
  };
  event.waitUntil(tell());
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { url } = event.notification.data as { url: string };
  const open = async () => {
    const [there] = await windows();
    if (!there) return void (await self.clients.openWindow(url));
    await there.focus();
    there.postMessage({ go: url });
  };
  event.waitUntil(open());
});
