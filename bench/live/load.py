#!/usr/bin/env python3
"""N candidates are interviewed at once by a real server. See README.md in this folder."""

import argparse
import asyncio
import json
import os
import platform
import random
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import websockets

RATE = 16000
FRAME = 320
SILENCE = bytes(2 * FRAME)
PASSWORD = "bench-password-1"
EMAIL = "bench@example.org"


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

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.log.close()
        self.dir.cleanup()


async def make_interview(server, questions):
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as http:
        api = "/api/v1"
        await http.post(f"{api}/auth/register", json={"email": EMAIL, "password": PASSWORD, "full_name": "Bench"})
        r = await http.post(f"{api}/auth/login", json={"username": EMAIL, "password": PASSWORD})
        http.headers["Authorization"] = "Bearer " + r.json()["data"]["access_token"]
        r = await http.post(f"{api}/interviews", json={
            "title": "Load", "job_role": "Engineer", "interview_type": "mixed", "difficulty": "mid", "focus_areas": ["teamwork"],
            "question_count": questions})
        interview = r.json()["data"]
        r = await http.post(f"{api}/interviews/{interview['id']}/questions/generate", json={})
        r.raise_for_status()
        r = await http.post(f"{api}/interviews/{interview['id']}/publish")
        r.raise_for_status()
        return interview["link"]


def decode(path):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"],
                         check=True, stdout=subprocess.PIPE).stdout
    return trim(raw)


def trim(raw):
    """Without the silence at the end, so that the end of the speech is known to a frame."""
    frames = [raw[i:i + 2 * FRAME] for i in range(0, len(raw) - 2 * FRAME + 1, 2 * FRAME)]
    def loud(f):
        return sum(abs(v) for v in struct.unpack(f"<{FRAME}h", f)) / FRAME > 150
    while frames and not loud(frames[-1]):
        frames.pop()
    return frames


class Candidate:
    def __init__(self, number, server, link, sounds, button, verbose=False):
        self.number, self.server, self.link, self.button, self.verbose = number, server, link, button, verbose
        self.sounds = random.Random(number).sample(sounds, len(sounds)) if sounds else []
        self.spoke_until = self.pressed_at = None
        self.turns, self.pressed, self.transcripts, self.errors = [], [], [], []
        self.answers = {}
        self.seq = 0
        self.speaking = None
        self.open = asyncio.Event()
        self.begun = self.ended = None

    async def register(self):
        async with httpx.AsyncClient(base_url=self.server.url, timeout=60) as http:
            r = await http.post(f"/api/v1/public/interviews/{self.link}/register", json={
                "full_name": f"Candidate {self.number}", "email": f"candidate{self.number}@example.org",
                "consent_recording": True, "consent_ai": True})
            r.raise_for_status()
            data = r.json()["data"]
            return data["session_id"], data["session_token"]

    async def connect(self):
        session, token = await self.register()
        url = self.server.url.replace("http", "ws", 1) + f"/api/v1/public/sessions/{session}/live"
        ws = await websockets.connect(url, subprotocols=["viva.v1", f"token.{token}"], max_size=None)
        await ws.send(json.dumps({"type": "session.start", "audio": {"codec": "pcm16"}, "playback": ["pcm16"],
                                  "microphone": True, "camera": False}))
        return ws

    async def send_frame(self, ws, pcm):
        await ws.send(b"\x01" + struct.pack("<I", self.seq) + pcm)
        self.seq += 1

    async def microphone(self, ws, answer):
        """Real time: half a second of nothing, the speech, then silence until the answer ends."""
        frames = [SILENCE] * 25 + self.sounds[answer["position"] % len(self.sounds)]
        start = time.monotonic()
        i = 0
        while True:
            await self.send_frame(ws, frames[i] if i < len(frames) else SILENCE)
            i += 1
            if i == len(frames):
                self.spoke_until = time.monotonic()
            if self.button and i == len(frames) + 10:
                self.pressed_at = time.monotonic()
                await ws.send(json.dumps({"type": "answer.done", "answer_id": answer["answer_id"]}))
            await asyncio.sleep(max(0, start + 0.02 * i - time.monotonic()))

    def first_sound(self):
        now = time.monotonic()
        if self.pressed_at is not None:
            self.pressed.append(now - self.pressed_at)
        elif self.spoke_until is not None:
            self.turns.append(now - self.spoke_until)
        self.spoke_until = self.pressed_at = None

    async def play(self, ws, m):
        """As a browser: the sound's whole length goes by."""
        await ws.send(json.dumps({"type": "playback.started", "utterance_id": m["utterance_id"]}))
        await asyncio.sleep(m["duration_ms"] / 1000)
        await ws.send(json.dumps({"type": "playback.finished", "utterance_id": m["utterance_id"]}))

    async def on_message(self, ws, m, tasks):
        kind = m["type"]
        if kind == "utterance.created":
            tasks["play"] = asyncio.create_task(self.play(ws, m))
        elif kind == "answer.started":
            self.answers[m["position"]] = m
            self.open.set()
            if self.sounds:
                tasks["mic"] = asyncio.create_task(self.microphone(ws, m))
        if self.verbose and not kind.startswith("utterance.c"):
            since = time.monotonic() - self.spoke_until if self.spoke_until else float("nan")
            print(f"{self.number:>3} {since:7.2f} {json.dumps(m)[:220]}")
        if kind.endswith("transcription.completed"):
            if self.spoke_until is not None:
                self.transcripts.append(time.monotonic() - self.spoke_until)
        elif kind == "answer.ended":
            tasks.pop("mic").cancel()
        elif kind == "error":
            self.errors.append(m["code"])

    async def run(self):
        self.begun = time.monotonic()
        ws = await self.connect()
        tasks = {}
        waiting = False
        try:
            async for message in ws:
                if isinstance(message, bytes):
                    if waiting:
                        self.first_sound()
                    waiting = False
                    continue
                m = json.loads(message)
                waiting = waiting or m["type"] == "utterance.created"
                await self.on_message(ws, m, tasks)
        except websockets.ConnectionClosedError as e:
            self.errors.append(f"closed {e.rcvd.code if e.rcvd else '?'}")
        finally:
            for t in tasks.values():
                t.cancel()
            self.ended = time.monotonic()


def row(name, values, offset=0.0):
    values = sorted(v - offset for v in values)
    if not values:
        print(f"  {name:<22} -")
        return
    p95 = values[min(len(values) - 1, int(0.95 * len(values)))]
    print(f"  {name:<22} n {len(values):>4}   median {statistics.median(values):6.2f} s   p95 {p95:6.2f} s   max {values[-1]:6.2f} s")


def machine():
    cpu = next((l.split(":")[1].strip() for l in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in l), "?")
    return f"{os.cpu_count()} x {cpu}, Linux {platform.release()}"


async def interviews(args, server):
    sounds = [f for f in (decode(p) for p in sorted(Path(args.speech).glob(args.match))) if len(f) < 50 * args.longest]
    if not sounds:
        sys.exit(f"no speech shorter than {args.longest} s in {args.speech}")
    link = await make_interview(server, args.questions)
    idle, cpu, begun = server.resident(), server.cpu(), time.monotonic()
    people = [Candidate(i, server, link, sounds, args.button, args.verbose) for i in range(args.candidates)]
    async def staggered(c):
        await asyncio.sleep(c.number * args.stagger)
        await c.run()
    most = [idle]
    async def watch():
        while True:
            most[0] = max(most[0], server.resident())
            await asyncio.sleep(0.2)
    watcher = asyncio.create_task(watch())
    await asyncio.gather(*(staggered(c) for c in people))
    watcher.cancel()
    took, cpu = time.monotonic() - begun, server.cpu() - cpu
    minutes = sum(c.ended - c.begun for c in people) / 60
    errors = [e for c in people for e in c.errors]
    print(f"{machine()}\n{args.candidates} candidates, {args.questions} questions each, {took:.0f} s, settings {args.set or 'default'}")
    row("turn", [t for c in people for t in c.turns])
    row("after the silence", [t for c in people for t in c.turns], args.end_silence / 1000)
    row("done -> sound", [t for c in people for t in c.pressed])
    row("transcript", [t for c in people for t in c.transcripts])
    print(f"  processor              {cpu:.1f} s in all, {cpu / minutes:.1f} s per interview minute ({100 * cpu / took:.0f} % of one core)")
    print(f"  memory                 {idle:.0f} MB before, {most[0]:.0f} MB at most, {(most[0] - idle) / args.candidates:.1f} MB per candidate"
          " (with the engines' own growth)")
    print(f"  answers                {sum(len(c.turns) + len(c.pressed) for c in people)} of {args.candidates * args.questions}"
          f"   errors {errors or 'none'}")


async def memory(args, server):
    """Each interview in the middle of an answer with its longest stretch of speech in hand: what the interviews themselves hold."""
    speech = max((decode(p) for p in Path(args.speech).glob(args.match)), key=len)
    link = await make_interview(server, 3)
    async def one(n):
        c = Candidate(n, server, link, [], False)
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


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--binary", default="build/release/viva")
    p.add_argument("--speech", required=True, help="folder of .flac or .wav files")
    p.add_argument("--match", default="*.[fw][la][av]*", help="which of its files")
    p.add_argument("--candidates", type=int, default=2)
    p.add_argument("--questions", type=int, default=3)
    p.add_argument("--stagger", type=float, default=1.5, help="seconds between candidates")
    p.add_argument("--longest", type=float, default=8, help="leave out longer sound files (seconds)")
    p.add_argument("--button", action="store_true", help="press I'm done 200 ms after the speech")
    p.add_argument("--verbose", action="store_true", help="print every event")
    p.add_argument("--memory", type=int, default=0, help="only measure memory, with so many interviews")
    p.add_argument("--end-silence", type=int, default=1400, help="END_SILENCE_MS and END_SILENCE_SURE_MS of the server")
    p.add_argument("--set", action="append", metavar="NAME=VALUE", help="a setting of the server; may be repeated")
    args = p.parse_args()
    settings = dict(s.split("=", 1) for s in args.set or [])
    settings["END_SILENCE_SURE_MS"] = settings["END_SILENCE_MS"] = str(args.end_silence)
    if args.memory:  # the engines' own memory grows with use and is none of the interviews'
        settings |= {"STT_PROVIDER": "fake", "TTS_PROVIDER": "fake"}
    server = Server(args.binary, settings)
    try:
        asyncio.run(memory(args, server) if args.memory else interviews(args, server))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
