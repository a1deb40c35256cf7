import type { SignalKind } from '../api/socket';

/** What a connection tells of itself. */
export interface PeerEvents {
  send: (kind: SignalKind, body: string) => void;
  heard: (stream: MediaStream | null) => void;
  screen: (stream: MediaStream | null) => void;
  changed: () => void;
}

/** A connection that was lost has this long to find its way again before it is asked to. */
const LOST_MS = 3_000;
/** What was said and not answered for this long is said again: the hub keeps nothing of it. */
const AGAIN_MS = 4_000;

/**
 * The connection to one other browser. The impolite side begins. After that either may offer at any time: of
 * two offers that cross, the impolite side's stands (https://w3c.github.io/webrtc-pc/#perfect-negotiation-example).
 * They are kept from crossing where that can be: Chromium, which has to take its very first offer back, at
 * times looks for no way to the other side any more.
 */
export class Peer {
  readonly wire: RTCPeerConnection;
  private making = false;
  private ignoring = false;
  private settling = false;
  /** Ways to the other one that came before their description. */
  private early: RTCIceCandidateInit[] = [];
  private taking: Promise<void> = Promise.resolve();
  private lost: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setInterval>;
  private idle = 0;
  private mic: RTCRtpSender | undefined;
  private view: RTCRtpSender | undefined;

  constructor(
    servers: RTCIceServer[],
    private polite: boolean,
    private on: PeerEvents,
  ) {
    this.wire = new RTCPeerConnection({ iceServers: servers });
    this.wire.onnegotiationneeded = () => void this.offer();
    this.wire.onicecandidate = ({ candidate }) => {
      if (candidate) this.on.send('candidate', JSON.stringify(candidate));
    };
    this.wire.ontrack = ({ track, streams }) => {
      const stream = streams[0] ?? new MediaStream([track]);
      if (track.kind === 'audio') return this.on.heard(stream);
      this.on.screen(stream);
      track.onmute = () => this.on.screen(null);
      track.onunmute = () => this.on.screen(stream);
    };
    this.wire.onconnectionstatechange = () => this.watch();
    this.again = setInterval(() => this.nudge(), AGAIN_MS);
  }

  get state() {
    return this.wire.connectionState;
  }

  hear(track: MediaStreamTrack | null, stream: MediaStream) {
    if (this.mic) return void this.mic.replaceTrack(track);
    if (track) this.mic = this.wire.addTrack(track, stream);
    // Somebody has to begin, also who only listens.
    else if (!this.polite) this.wire.addTransceiver('audio', { direction: 'recvonly' });
  }

  show(stream: MediaStream | null) {
    const track = stream?.getVideoTracks()[0];
    if (this.view) this.wire.removeTrack(this.view);
    this.view = track && stream ? this.wire.addTrack(track, stream) : undefined;
  }

  /** One signal after the other, in the order in which they came. */
  take(kind: SignalKind, body: string) {
    this.taking = this.taking.then(() => this.taken(kind, body)).catch(() => {});
    return this.taking;
  }

  /** Looks for another way, after the network has changed. */
  restart() {
    if (this.wire.signalingState !== 'closed') this.wire.restartIce();
  }

  close() {
    clearTimeout(this.lost);
    clearInterval(this.again);
    this.wire.onnegotiationneeded = null;
    this.wire.onicecandidate = null;
    this.wire.ontrack = null;
    this.wire.onconnectionstatechange = null;
    this.wire.close();
  }

  /** An offer that got lost is made again; a way that is not found is looked for anew. */
  private nudge() {
    const { signalingState, localDescription } = this.wire;
    if (signalingState === 'have-local-offer' && localDescription) return this.say(localDescription);
    this.idle = this.state === 'connected' ? 0 : this.idle + 1;
    if (this.idle >= (this.polite ? 5 : 3)) {
      this.idle = 0;
      this.restart();
    }
  }

  private async offer() {
    // What is to be heard here goes into the answer.
    if (this.polite && !this.wire.remoteDescription) return;
    try {
      this.making = true;
      await this.wire.setLocalDescription();
      if (this.wire.localDescription) this.say(this.wire.localDescription);
    } catch {
      // The other side's offer came first; what is needed is negotiated with it or after it.
    } finally {
      this.making = false;
    }
  }

  private async taken(kind: SignalKind, body: string) {
    if (kind === 'candidate') return this.reach(JSON.parse(body) as RTCIceCandidateInit);
    const ready =
      !this.making && (this.wire.signalingState === 'stable' || (this.settling && kind === 'offer'));
    const crossing = kind === 'offer' && !ready;
    this.ignoring = !this.polite && crossing;
    if (this.ignoring) return;
    this.settling = kind === 'answer';
    try {
      await this.wire.setRemoteDescription({ type: kind, sdp: body });
    } finally {
      this.settling = false;
    }
    if (kind === 'offer') {
      await this.wire.setLocalDescription();
      if (this.wire.localDescription) this.say(this.wire.localDescription);
    }
    const early = this.early;
    this.early = [];
    for (const candidate of early) await this.reach(candidate);
  }

  private async reach(candidate: RTCIceCandidateInit) {
    if (!this.wire.remoteDescription) return void this.early.push(candidate);
    try {
      await this.wire.addIceCandidate(candidate);
    } catch {
      // It belongs to an offer that is on its way, or to one that was passed over.
      if (!this.ignoring && this.early.length < 64) this.early.push(candidate);
    }
  }

  private say(description: RTCSessionDescription) {
    if (description.type === 'offer' || description.type === 'answer')
      this.on.send(description.type, description.sdp);
  }

  private watch() {
    clearTimeout(this.lost);
    if (!this.polite && this.state === 'failed') this.restart();
    if (!this.polite && this.state === 'disconnected') this.lost = setTimeout(() => this.restart(), LOST_MS);
    this.on.changed();
  }
}
