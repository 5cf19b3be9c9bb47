#!/usr/bin/env python3
"""N candidates are interviewed at once by a real server. See README.md in this folder."""

import argparse
import asyncio
import json
import os
import platform
import random
import signal
import struct
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import httpx
import websockets

RATE = 16000
FRAME = 320
SILENCE = bytes(2 * FRAME)
PASSWORD = "bench-password-1"
EMAIL = "bench@example.org"
LONGEST_PAUSE = 18  # frames: 0.36 s
NAMES = ("Ada", "Ben", "Cleo", "Dan", "Eva", "Finn", "Gita", "Hugo", "Ines", "Jon", "Kira", "Leo", "Mia", "Nils", "Olga", "Paul", "Quinn", "Rosa",
         "Sam", "Tara", "Uma", "Vera", "Will", "Yuri")


class Server:
    """A server of our own on a free port, in a folder that goes away."""

    def __init__(self, binary, settings):
        self.dir = tempfile.TemporaryDirectory(prefix="viva-bench-")
        root = Path(__file__).resolve().parents[2]
        self.env = {
            **os.environ, "VIVA_HOME": str(root), "DATA_DIR": f"{self.dir.name}/data", "PORT": "0",
            "RATE_LIMIT_SCALE": "0", "MIGRATIONS_DIR": str(root / "database/migrations"), "LIVE_SESSIONS_MAX": "1000",
            "FRONTEND_DIR": self.dir.name, "LOG_LEVEL": "warn", **settings,
        }
        self.binary = str(Path(binary).resolve())
        subprocess.run([self.binary, "migrate", "up"], env=self.env, check=True, stdout=subprocess.DEVNULL)
        self.log = open(f"{self.dir.name}/log", "w+")
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.binary, "serve"], env=self.env, stdout=subprocess.PIPE, stderr=self.log,
                                        text=True)
        line = self.process.stdout.readline()
        if "://" not in line:
            self.log.seek(0)
            sys.exit(f"the server did not start: {line}{self.log.read()}")
        self.url = line.split()[-1].rstrip(".")

    def cpu(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        for line in Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_Dirty"):
                return int(line.split()[1]) / 1024
        return 0.0

    def resident(self):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def halt(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def restart(self):
        """Its memory is as it was in the beginning."""
        self.halt()
        self.start()

    def stop(self):
        self.halt()
        self.log.close()
        self.dir.cleanup()


async def make_interview(server, questions, follow_ups=0, words=()):
    """words: of the questions; without, they are drafted."""
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as http:
        api = "/api/v1"
        await http.post(f"{api}/auth/register", json={"email": EMAIL, "password": PASSWORD, "full_name": "Bench"})
        r = await http.post(f"{api}/auth/login", json={"username": EMAIL, "password": PASSWORD})
        http.headers["Authorization"] = "Bearer " + r.json()["data"]["access_token"]
        r = await http.post(f"{api}/interviews", json={
            "title": "Load", "job_role": "Engineer", "interview_type": "mixed", "difficulty": "mid", "focus_areas": ["teamwork"],
            "question_count": questions, "follow_ups": follow_ups})
        interview = r.json()["data"]
        at = f"{api}/interviews/{interview['id']}/questions"
        if words:
            r = await http.put(at, json={"questions": [{"text": text, "category": "behavioral", "points": [], "time_limit_s": 0} for text in words]})
        else:
            r = await http.post(f"{at}/generate", json={})
        r.raise_for_status()
        r = await http.post(f"{api}/interviews/{interview['id']}/publish")
        r.raise_for_status()
        return interview["link"]


def decode(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"],
                         check=True, stdout=subprocess.PIPE).stdout
    return tight(raw)


def tight(raw):
    """Frames without the quiet at both ends, so that the end of the speech is known to a frame, and with no pause inside that
    may end an answer: how long a pause has to be is bench/endpoint's question. Quiet is what is 20 dB below the clip's speech: some
    clips have noise in their pauses."""
    frames = [raw[i:i + 2 * FRAME] for i in range(0, len(raw) - 2 * FRAME + 1, 2 * FRAME)]
    levels = [sum(abs(v) for v in struct.unpack(f"<{FRAME}h", f)) / FRAME for f in frames]
    quiet = max(150, sorted(levels)[len(levels) * 9 // 10] / 10) if levels else 0
    spoken = [i for i, level in enumerate(levels) if level > quiet]
    kept = []
    for i, following in zip(spoken, spoken[1:] + spoken[-1:]):
        kept += frames[i:min(following, i + 1 + LONGEST_PAUSE)] or frames[i:i + 1]
    return kept


class Voice:
    """One speaker's clips, made into answers that each end with a short, whole utterance."""

    def __init__(self, clips, rng):
        self.clips, self.rng, self.order = clips, rng, []
        short = sorted(clips, key=len)
        self.last = [c for c in short if len(c) < 50 * 7] or short[:1]

    def answer(self, seconds):
        frames, end = [], self.rng.choice(self.last)
        while len(frames) + len(end) < 50 * seconds:
            self.order = self.order or self.rng.sample(self.clips, len(self.clips))
            frames += self.order.pop() + [SILENCE] * self.rng.randint(10, LONGEST_PAUSE)
        return frames + end


def voices(folder, match):
    """By speaker: what stands before the first - of a file's name; files with none are one speaker."""
    speakers = {}
    for path in sorted(Path(folder).glob(match)):
        speakers.setdefault(path.stem.split("-")[0] if "-" in path.stem else "", []).append(decode(path))
    return [clips for _, clips in sorted(speakers.items())]


class Candidate:
    """Thinks, speaks for half a minute to a minute, and then either waits until the answer is taken as ended or, at every other
    question, presses "I'm done"."""

    def __init__(self, number, server, link, voice, args):
        self.number, self.server, self.link, self.voice, self.args = number, server, link, voice, args
        self.rng = random.Random(1000 + number)
        self.spoke_until = self.pressed_at = self.ended_at = None
        self.turns, self.sounds, self.pressed, self.errors = [], [], [], []
        self.captions = self.cut = self.answers = self.spoken = 0
        self.degraded, self.waited = 0, 0.0
        self.seq, self.frames, self.at, self.answer, self.press = 0, None, 0, None, False
        self.open = asyncio.Event()
        self.ws = None
        self.tasks = set()
        self.lines = {}  # utterance: when it began, how many ms of it are known

    async def register(self):
        async with httpx.AsyncClient(base_url=self.server.url, timeout=60) as http:
            r = await http.post(f"/api/v1/public/interviews/{self.link}/register", json={
                "full_name": f"{NAMES[self.number % len(NAMES)]} {self.number}", "email": f"{uuid.uuid4()}@example.org",
                "consent_recording": True, "consent_ai": True})
            r.raise_for_status()
            data = r.json()["data"]
            return data["session_id"], data["session_token"]

    async def connect(self):
        session, token = await self.register()
        url = self.server.url.replace("http", "ws", 1) + f"/api/v1/public/sessions/{session}/live"
        ws = await websockets.connect(url, subprotocols=["viva.v1", f"token.{token}"], max_size=None, compression=None)
        await ws.send(json.dumps({"type": "session.start", "audio": {"codec": "pcm16"}, "playback": ["pcm16"],
                                  "microphone": True, "camera": False}))
        return ws

    async def send_frame(self, ws, pcm):
        await ws.send(b"\x01" + struct.pack("<I", self.seq) + pcm)
        self.seq += 1

    def begin(self, message):
        self.answer, self.answers = message["answer_id"], self.answers + 1
        think = [SILENCE] * self.rng.randint(*(int(50 * t) for t in self.args.think))
        self.frames, self.at = think + self.voice.answer(self.rng.uniform(*self.args.talk)), 0
        self.press = self.answers % 2 == 0

    async def beat(self, now):
        """The microphone's next 20 ms."""
        if self.frames is None or self.ws is None:
            return
        i, self.at = self.at, self.at + 1
        await self.send_frame(self.ws, self.frames[i] if i < len(self.frames) else SILENCE)
        self.spoken += i < len(self.frames) and self.frames[i] is not SILENCE
        if i == len(self.frames) - 1:
            self.spoke_until = now
        if self.press and i == len(self.frames) + 10:
            self.pressed_at = now
            await self.ws.send(json.dumps({"type": "answer.done", "answer_id": self.answer}))

    def ended(self, now):
        if self.at < len(self.frames):
            self.cut += 1
            self.spoke_until = self.pressed_at = None
        elif self.spoke_until is not None and self.pressed_at is None:
            self.turns.append(now - self.spoke_until)
        self.frames = None

    def first_sound(self, now):
        if self.pressed_at is not None:
            self.pressed.append(now - self.pressed_at)
        elif self.spoke_until is not None:
            self.sounds.append(now - self.spoke_until)
        self.spoke_until = self.pressed_at = None

    async def play(self, what, utterance, wait=0):
        """As a browser: the sound's whole length goes by."""
        ws = self.ws
        try:
            await asyncio.sleep(wait)
            await ws.send(json.dumps({"type": f"playback.{what}", "utterance_id": utterance}))
        except websockets.ConnectionClosed:
            pass

    def spawn(self, coroutine):
        task = asyncio.create_task(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def on_message(self, m, now):
        kind = m["type"]
        if kind in ("utterance.created", "utterance.part"):
            begun, ms = self.lines.get(m["utterance_id"], (now, 0))
            self.lines[m["utterance_id"]] = begun, ms + m["duration_ms"]
            if kind == "utterance.created":
                self.spawn(self.play("started", m["utterance_id"]))
                if m["kind"] == "question" and m["follow_up"] > 0 and self.frames is not None:
                    self.ended(now)  # the same answer goes on, with what is said to it
        elif kind == "utterance.audio.done":
            begun, ms = self.lines.pop(m["utterance_id"])
            self.spawn(self.play("finished", m["utterance_id"], max(0, begun + ms / 1000 - now)))
        elif kind == "answer.started":
            self.open.set()
            if not m["resumed"] or self.frames is None:
                self.begin(m)
        elif kind.endswith("transcription.delta"):
            self.captions += 1
        elif kind == "answer.ended":
            self.ended(now)
        elif kind == "captions.degraded":
            self.degraded += 1
        elif kind == "server.busy":
            self.waited = self.waited or now
        elif kind == "error":
            self.errors.append(m["code"])
        if self.args.verbose and kind != "utterance.created":
            print(f"{self.number:>3} {now - self.spoke_until if self.spoke_until else float('nan'):7.2f} {json.dumps(m)[:220]}")

    async def run(self):
        self.ws = await self.connect()
        waiting = False
        try:
            async for message in self.ws:
                now = time.monotonic()
                if isinstance(message, bytes):
                    if waiting:
                        self.first_sound(now)
                    waiting = False
                    continue
                m = json.loads(message)
                waiting = waiting or m["type"] == "utterance.created"
                self.on_message(m, now)
        except websockets.ConnectionClosedError as e:
            self.errors.append(f"closed {e.rcvd.code if e.rcvd else '?'}")
        finally:
            self.ws = self.frames = None


async def beats(people):
    """One clock for all microphones."""
    start, n = time.monotonic(), 0
    while True:
        n += 1
        await asyncio.sleep(max(0, start + 0.02 * n - time.monotonic()))
        for c in people:
            try:
                await c.beat(time.monotonic())
            except websockets.ConnectionClosed:
                pass


def own_cpu():
    t = os.times()
    return t.user + t.system


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def pair(values):
    return f"{percentile(values, .5):5.2f} {percentile(values, .95):5.2f}" if values else "    -     -"


def machine():
    cpu = next((l.split(":")[1].strip() for l in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in l), "?")
    return f"{os.cpu_count()} x {cpu}, Linux {platform.release()}"


HEAD = (" N | answers cut | end: p50   p95 | sound: p50  p95 | done->sound    | captions | talking | server CPU       | memory        "
        "| client | begun degraded errors\n"
        "   |             |      s     s   |        s    s   | p50 s p95 s    | per min  | %       | % of 1 core, each| MB, each      "
        "| CPU %  |")


async def stage(n, args, server, link, speakers):
    """N candidates who come one after another within --ramp seconds; measured for --seconds from then on."""
    people = [Candidate(i, server, link, Voice(speakers[i % len(speakers)], random.Random(i)), args) for i in range(n)]
    async def comes(c):
        await asyncio.sleep(c.number * args.ramp / n)
        await c.run()
    idle = server.resident()
    tasks = [asyncio.create_task(comes(c)) for c in people] + [asyncio.create_task(beats(people))]
    await asyncio.sleep(args.ramp + 20)
    for c in people:  # what came before is warming up
        c.turns, c.sounds, c.pressed, c.captions, c.cut, c.answers, c.spoken = [], [], [], 0, 0, 0, 0
    begun, cpu, own = time.monotonic(), server.cpu(), own_cpu()
    most = idle
    while time.monotonic() < begun + args.seconds:
        await asyncio.sleep(1)
        most = max(most, server.resident())
    took, cpu, own = time.monotonic() - begun, server.cpu() - cpu, own_cpu() - own
    for t in tasks:
        t.cancel()
    for c in people:
        if c.ws is not None:
            await c.ws.close()
    await asyncio.gather(*tasks, return_exceptions=True)
    def all_of(name):
        return [v for c in people for v in getattr(c, name)]
    talking = sum(c.spoken for c in people) / 50
    begun_n = sum(c.answer is not None for c in people)
    errors = all_of("errors")
    print(f"{n:>2} | {len(all_of('turns')) + len(all_of('pressed')):>7} {sum(c.cut for c in people):>3} | {pair(all_of('turns')):>15} | {pair(all_of('sounds')):>15} "
          f"| {pair(all_of('pressed')):>14} | {60 * sum(c.captions for c in people) / max(talking, 1):>8.0f} | {100 * talking / took / n:>7.0f} "
          f"| {100 * cpu / took:>8.0f} {100 * cpu / took / n:>8.1f} | {most:>6.0f} {(most - idle) / n:>6.1f} | {100 * own / took:>6.0f} "
          f"| {begun_n}/{n} {sum(c.degraded > 0 for c in people)} {sorted(set(errors)) if errors else 'none'}", flush=True)


async def interviews(args, server):
    speakers = voices(args.speech, args.match)
    if not speakers:
        sys.exit(f"there is no speech in {args.speech}")
    link = await make_interview(server, 10, args.follow_ups)
    print(f"{machine()}, load average {os.getloadavg()[0]:.1f} before; settings {args.set or 'default'}; {args.seconds:.0f} s each, answers of "
          f"{args.talk[0]:.0f} to {args.talk[1]:.0f} s after {args.think[0]:.0f} to {args.think[1]:.0f} s of thought, {len(speakers)} speakers")
    print(HEAD, flush=True)
    for n in args.candidates:
        server.restart()
        await stage(n, args, server, link, speakers)


async def memory(args, server):
    """Each interview in the middle of an answer with its longest stretch of speech in hand: what the interviews themselves hold."""
    speech = max((decode(p) for p in Path(args.speech).glob(args.match)), key=len)
    link = await make_interview(server, 3)
    async def one(n):
        c = Candidate(n, server, link, None, args)
        ws = await c.connect()
        asyncio.create_task(drain(c, ws))
        await asyncio.wait_for(c.open.wait(), 300)
        for i in range(len(speech) - 5):  # it ends in the middle of a word
            await c.send_frame(ws, speech[i])
            if i % 50 == 0:
                await asyncio.sleep(0.05)
        return ws
    async def drain(c, ws):
        async for m in ws:
            if isinstance(m, str):
                m = json.loads(m)
                if m["type"] == "utterance.created":
                    await ws.send(json.dumps({"type": "playback.finished", "utterance_id": m["utterance_id"]}))
                elif m["type"] == "answer.started":
                    c.open.set()
    first = [await one(0)]
    await asyncio.sleep(2)
    before, before_private = server.resident(), server.memory()
    held = [await one(1 + n) for n in range(args.memory)]
    await asyncio.sleep(3)
    after, after_private = server.resident(), server.memory()
    print(f"{machine()}\n{args.memory} more interviews, each {len(speech) / 50:.0f} s into an answer")
    print(f"  resident               {before:.0f} -> {after:.0f} MB: {(after - before) / args.memory:.2f} MB per interview")
    print(f"  private                {before_private:.0f} -> {after_private:.0f} MB: {(after_private - before_private) / args.memory:.2f} MB per interview")
    for ws in first + held:
        await ws.close()


def numbers(text):
    return [int(n) for n in text.split(",")]


def span(text):
    low, high = text.split(",")
    return float(low), float(high)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--binary", default="build/release/viva")
    p.add_argument("--speech", required=True, help="folder of .flac or .wav files")
    p.add_argument("--match", default="*.[fw][la][av]*", help="which of its files")
    p.add_argument("--candidates", type=numbers, default=[1, 4, 8, 16, 24], metavar="N,N,...", help="at the same time, one row each")
    p.add_argument("--seconds", type=float, default=120, help="measured for each N")
    p.add_argument("--ramp", type=float, default=40, help="seconds within which they come, before")
    p.add_argument("--talk", type=span, default=(30, 60), metavar="A,B", help="seconds of an answer")
    p.add_argument("--think", type=span, default=(2, 6), metavar="A,B", help="seconds of silence before it")
    p.add_argument("--follow-ups", type=int, default=0, help="as the interview's setting: 0, 1 or 2 for each question")
    p.add_argument("--quick", action="store_true", help="a minute for N = 1 and 4, answers of 6 to 12 s: does it work at all")
    p.add_argument("--admission", action="store_true", help="let the server decide how many begin (LIVE_SESSIONS_MAX=0)")
    p.add_argument("--verbose", action="store_true", help="print every event")
    p.add_argument("--memory", type=int, default=0, help="only measure memory, with so many interviews")
    p.add_argument("--set", action="append", metavar="NAME=VALUE", help="a setting of the server; may be repeated")
    args = p.parse_args()
    if args.quick:
        args.candidates, args.seconds, args.ramp, args.talk, args.think = [1, 4], 30, 5, (6, 12), (0.5, 1)
    settings = dict(s.split("=", 1) for s in args.set or [])
    if args.admission:
        settings["LIVE_SESSIONS_MAX"] = "0"
    if args.memory:  # the engines' own memory grows with use and is none of the interviews'
        settings |= {"STT_PROVIDER": "fake", "TTS_PROVIDER": "fake"}
    server = Server(args.binary, settings)
    try:
        asyncio.run(memory(args, server) if args.memory else interviews(args, server))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
