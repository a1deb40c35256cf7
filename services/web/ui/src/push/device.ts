import { api } from '../api/client';

/** Where this browser stands with notices while the app is closed. */
export type Standing = 'cannot' | 'install' | 'blocked' | 'off' | 'on';

const can = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
/** On an iPhone only an app on the home screen may be told anything. */
const mustInstall = () =>
  /iPhone|iPad/.test(navigator.userAgent) && !window.matchMedia('(display-mode: standalone)').matches;

const worker = async () => {
  await navigator.serviceWorker.register('/sw.js');
  return navigator.serviceWorker.ready;
};

export async function standing(): Promise<Standing> {
  if (!can()) return mustInstall() ? 'install' : 'cannot';
  if (Notification.permission === 'denied') return 'blocked';
  const there = await navigator.serviceWorker.getRegistration('/sw.js');
  return (await there?.pushManager.getSubscription()) && Notification.permission === 'granted' ? 'on' : 'off';
}

/** Subscribes this browser and tells the hub. The browser asks its person first, so a touch must come before. */
export async function turnOn() {
  if ((await Notification.requestPermission()) !== 'granted') return standing();
  const { key } = await api.read('/me/push');
  const { pushManager } = await worker();
  // One that was made for another hub's key is of no use.
  await (await pushManager.getSubscription())?.unsubscribe();
  await tell(await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  return standing();
}

/** Nothing comes any more, and the hub forgets the address. */
export async function turnOff() {
  const { devices } = await api.read('/me/push');
  for (const one of devices.filter((device) => device.here)) await api.drop(`/me/push/${one.id}`);
  const there = await navigator.serviceWorker.getRegistration('/sw.js');
  await (await there?.pushManager.getSubscription())?.unsubscribe();
  return standing();
}

/** After a sign-in the subscription that is there belongs to the new session. */
export async function renew() {
  if (!can() || Notification.permission !== 'granted') return;
  const there = await navigator.serviceWorker.getRegistration('/sw.js');
  const subscription = await there?.pushManager.getSubscription();
  if (subscription) await tell(subscription);
}

const tell = (subscription: PushSubscription) => {
  const { endpoint = '', keys = {} } = subscription.toJSON();
  return api.put('/me/push', { endpoint, p256dh: keys.p256dh, auth: keys.auth });
};
