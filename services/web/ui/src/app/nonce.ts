import { setNonce } from 'get-nonce';

/** The nonce of this page's Content-Security-Policy; the hub writes a fresh one into each page. */
export const nonce = () => document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? '';

/** Hands the nonce to libraries that inject `<style>` by themselves (the scroll lock of dialogs). */
export const shareNonce = () => setNonce(nonce());
