"""The same five endpoints as an ordinary FastAPI application: SQLAlchemy (async) models, Pydantic replies, uvicorn. It works on
a database that `viva migrate up` made, so that tables and indexes are the same, and does per request what Viva does: checks the
token, reads the account, runs the same statements, answers the same envelope.

Settings: TWIN_DATABASE (an SQLAlchemy address), TWIN_SECRET. Start: uvicorn app:app --workers N."""

import datetime
import hashlib
import os
import secrets
import time
import uuid
from contextlib import asynccontextmanager
from enum import Enum
from typing import Annotated, Generic, TypeVar

import anyio
import anyio.to_thread
import argon2
import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String, event, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload
from sqlalchemy.types import TypeDecorator

DATABASE = os.environ["TWIN_DATABASE"]
SECRET = os.environ["TWIN_SECRET"]
PUBLIC_URL = "http://127.0.0.1:8000"
ACCESS_S, REFRESH_S = 15 * 60, 30 * 24 * 3600

engine = create_async_engine(DATABASE, pool_size=10, max_overflow=10, pool_timeout=60)
Session = async_sessionmaker(engine, expire_on_commit=False)

if engine.dialect.name == "sqlite":  # as durable as Viva's connections

    @event.listens_for(engine.sync_engine, "connect")
    def pragmas(connection, _):
        cursor = connection.cursor()
        for line in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 10000"):
            cursor.execute(f"PRAGMA {line}")
        cursor.close()


# ---- tables


class Id(TypeDecorator):
    impl = LargeBinary(16)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return value.bytes if value is not None else None

    def process_result_value(self, value, dialect):
        return uuid.UUID(bytes=value) if value is not None else None


class Time(TypeDecorator):
    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return int(value.timestamp() * 1000) if value is not None else None

    def process_result_value(self, value, dialect):
        return datetime.datetime.fromtimestamp(value / 1000, datetime.UTC) if value is not None else None


class Base(DeclarativeBase):
    type_annotation_map = {uuid.UUID: Id, datetime.datetime: Time, list[str]: JSON}


class User(Base):
    __tablename__ = "users"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str]
    full_name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str]
    is_active: Mapped[bool]
    last_login_at: Mapped[datetime.datetime | None]
    created_at: Mapped[datetime.datetime]
    updated_at: Mapped[datetime.datetime]


class Login(Base):
    __tablename__ = "logins"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    user_agent: Mapped[str]
    address: Mapped[str]
    created_at: Mapped[datetime.datetime]
    last_used_at: Mapped[datetime.datetime]
    expires_at: Mapped[datetime.datetime]
    revoked_at: Mapped[datetime.datetime | None]


class RefreshToken(Base):
    __tablename__ = "refresh_tokens"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    family_id: Mapped[uuid.UUID]
    token_hash: Mapped[bytes]
    created_at: Mapped[datetime.datetime]
    expires_at: Mapped[datetime.datetime]
    used_at: Mapped[datetime.datetime | None]


class AuditEntry(Base):
    __tablename__ = "audit_log"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime.datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID | None]
    request_id: Mapped[str]
    details: Mapped[dict] = mapped_column(JSON)


class RubricPoint(Base):
    __tablename__ = "rubric_points"
    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class Question(Base):
    __tablename__ = "questions"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview_configs.id"))
    position: Mapped[int]
    text: Mapped[str]
    category: Mapped[str]
    time_limit_s: Mapped[int]
    rubric: Mapped[list[RubricPoint]] = relationship(order_by=RubricPoint.position)

    @property
    def points(self):
        return [point.text for point in self.rubric]


class Interview(Base):
    __tablename__ = "interview_configs"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    job_role: Mapped[str]
    job_description: Mapped[str]
    organisation: Mapped[str]
    interview_type: Mapped[str]
    difficulty: Mapped[str]
    focus_areas: Mapped[list[str]]
    question_count: Mapped[int]
    avatar: Mapped[str]
    voice: Mapped[str]
    language: Mapped[str]
    status: Mapped[str]
    link: Mapped[str] = mapped_column(String(32))
    expires_at: Mapped[datetime.datetime | None]
    max_sessions: Mapped[int]
    archived_at: Mapped[datetime.datetime | None]
    created_at: Mapped[datetime.datetime]
    updated_at: Mapped[datetime.datetime]
    questions: Mapped[list[Question]] = relationship(order_by=Question.position)

    @property
    def candidate_url(self):
        return f"{PUBLIC_URL}/i/{self.link}"


class InterviewSession(Base):
    __tablename__ = "interview_sessions"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    interview_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview_configs.id"))
    status: Mapped[str]
    preview: Mapped[bool]


class Report(Base):
    __tablename__ = "reports"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("interview_sessions.id"))
    status: Mapped[str]
    overall_score: Mapped[float | None]


# ---- what goes in and out

T = TypeVar("T")


class Envelope(BaseModel, Generic[T]):
    success: bool = True
    message: str = "OK"
    data: T
    error: None = None


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int
    page: int
    page_size: int


class Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class UserOut(Out):
    id: uuid.UUID
    email: str
    full_name: str
    role: str
    is_active: bool
    created_at: datetime.datetime
    updated_at: datetime.datetime


class Tokens(Out):
    access_token: str
    refresh_token: str
    token_type: str = "bearer"
    expires_in: int = ACCESS_S
    user: UserOut


class Statistics(Out):
    candidates: int
    in_progress: int
    completed: int
    average_score: float | None


class QuestionOut(Out):
    id: uuid.UUID
    position: int
    text: str
    category: str
    points: list[str]
    time_limit_s: int


class InterviewOut(Out):
    id: uuid.UUID
    owner_id: uuid.UUID
    title: str
    job_role: str
    job_description: str
    organisation: str
    interview_type: str
    difficulty: str
    focus_areas: list[str]
    question_count: int
    avatar: str
    voice: str
    language: str
    status: str
    link: str
    expires_at: datetime.datetime | None
    max_sessions: int
    archived_at: datetime.datetime | None
    candidate_url: str
    statistics: Statistics
    created_at: datetime.datetime
    updated_at: datetime.datetime


class InterviewDetail(InterviewOut):
    questions: list[QuestionOut]


class InterviewType(str, Enum):
    technical = "technical"
    behavioral = "behavioral"
    situational = "situational"
    mixed = "mixed"


class Difficulty(str, Enum):
    junior = "junior"
    mid = "mid"
    senior = "senior"
    lead = "lead"


class InterviewStatus(str, Enum):
    draft = "draft"
    open = "open"
    closed = "closed"


class InterviewCreate(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    title: Annotated[str, Field(min_length=1, max_length=160)]
    job_role: Annotated[str, Field(min_length=1, max_length=120)]
    job_description: Annotated[str, Field(max_length=20000)] = ""
    organisation: Annotated[str, Field(max_length=120)] = ""
    interview_type: InterviewType
    difficulty: Difficulty
    focus_areas: Annotated[list[str], Field(max_length=14)]
    question_count: Annotated[int, Field(ge=1, le=20)]
    avatar: str = "daniel"
    voice: str = "en_US-joe-medium"
    language: str = "en"


class RefreshIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    refresh_token: Annotated[str, Field(min_length=1, max_length=1024)]


# ---- the application


@asynccontextmanager
async def lifespan(_: FastAPI):
    yield
    await engine.dispose()


app = FastAPI(title="Twin", lifespan=lifespan)
hasher = argon2.PasswordHasher(time_cost=2, memory_cost=64 * 1024, parallelism=1)
hashing = anyio.CapacityLimiter(len(os.sched_getaffinity(0)))  # as many hashes at once as there are cores, as Viva does
bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/login")


def failure(status, code, message, field=None):
    error = {"code": code, "field": field, "details": None}
    return JSONResponse({"success": False, "message": message, "data": None, "error": error}, status_code=status)


@app.exception_handler(HTTPException)
async def refused(_: Request, e: HTTPException):
    return failure(e.status_code, "refused", e.detail)


@app.exception_handler(RequestValidationError)
async def invalid(_: Request, e: RequestValidationError):
    return failure(422, "field_invalid", e.errors()[0]["msg"], str(e.errors()[0]["loc"][-1]))


class RequestId:
    """Plain ASGI: a good deal cheaper than @app.middleware."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        async def with_id(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", secrets.token_urlsafe(12).encode())]
            await send(message)

        await self.app(scope, receive, with_id)


app.add_middleware(RequestId)


async def database():
    async with Session() as session:
        yield session


Database = Annotated[AsyncSession, Depends(database)]


def now():
    return datetime.datetime.now(datetime.UTC)


def new_id():
    """UUIDv7, as Viva's."""
    value = (int(time.time() * 1000) << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62)
    return uuid.UUID(int=value)


async def current_user(db: Database, token: Annotated[str, Depends(bearer)]) -> User:
    try:
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], audience="access")
    except jwt.InvalidTokenError as e:
        raise HTTPException(401, "The token is not valid") from e
    user = await db.scalar(select(User).join(Login, Login.user_id == User.id).where(
        Login.id == uuid.UUID(claims["login"]), User.id == uuid.UUID(claims["sub"]), Login.revoked_at.is_(None), Login.expires_at > now()))
    if user is None or not user.is_active:
        raise HTTPException(401, "This log-in has ended. Log in again")
    if user.role == "reviewer":
        raise HTTPException(403, "Your role does not allow this")
    return user


CurrentUser = Annotated[User, Depends(current_user)]


def verified(password, encoded):
    try:
        return hasher.verify(encoded, password)
    except argon2.exceptions.VerificationError:
        return False


def issue(db: AsyncSession, user: User, family: uuid.UUID) -> Tokens:
    at = now()
    refresh = secrets.token_urlsafe(32)
    claims = {"sub": str(user.id), "aud": "access", "login": str(family), "role": user.role, "iat": int(at.timestamp()),
              "exp": int(at.timestamp()) + ACCESS_S}
    db.add(RefreshToken(id=new_id(), user_id=user.id, family_id=family,
                        token_hash=hashlib.sha256(refresh.encode()).digest(), created_at=at,
                        expires_at=at + datetime.timedelta(seconds=REFRESH_S)))
    return Tokens(access_token=jwt.encode(claims, SECRET, algorithm="HS256"), refresh_token=refresh,
                  user=UserOut.model_validate(user))


@app.post("/api/v1/auth/login")
async def login(db: Database, request: Request, form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> Envelope[Tokens]:
    user = await db.scalar(select(User).where(User.email == form.username.lower()))
    await db.commit()  # no transaction is held open while the password is checked
    if user is None or not await anyio.to_thread.run_sync(verified, form.password, user.password_hash, limiter=hashing) or not user.is_active:
        raise HTTPException(401, "The address or the password is wrong")
    at = now()
    family = new_id()
    db.add(Login(id=family, user_id=user.id, user_agent=request.headers.get("User-Agent", "")[:200],
                 address=request.client.host, created_at=at, last_used_at=at,
                 expires_at=at + datetime.timedelta(seconds=REFRESH_S)))
    await db.flush()
    tokens = issue(db, user, family)
    await db.execute(update(User).where(User.id == user.id).values(last_login_at=at))
    await db.commit()
    return Envelope(data=tokens)


@app.post("/api/v1/auth/refresh")
async def refresh(db: Database, body: RefreshIn) -> Envelope[Tokens]:
    token = await db.scalar(select(RefreshToken).join(Login, Login.id == RefreshToken.family_id).where(
        RefreshToken.token_hash == hashlib.sha256(body.refresh_token.encode()).digest(), Login.revoked_at.is_(None)))
    await db.commit()
    if token is None or token.expires_at <= now():
        raise HTTPException(401, "This refresh token is not valid. Log in again")
    used = await db.execute(update(RefreshToken).where(RefreshToken.id == token.id, RefreshToken.used_at.is_(None))
                            .values(used_at=now()))
    if used.rowcount != 1:
        raise HTTPException(401, "This refresh token was used before. Log in again")
    user = await db.get(User, token.user_id)
    if user is None or not user.is_active:
        raise HTTPException(401, "This account is not active")
    await db.execute(update(Login).where(Login.id == token.family_id).values(last_used_at=now()))
    tokens = issue(db, user, token.family_id)
    await db.commit()
    return Envelope(data=tokens)


def counted(status=None):
    query = select(func.count()).where(InterviewSession.interview_id == Interview.id, InterviewSession.preview == False)  # noqa: E712
    return (query.where(InterviewSession.status == status) if status else query).scalar_subquery()


def with_statistics():
    average = (select(func.avg(Report.overall_score)).join(InterviewSession, InterviewSession.id == Report.session_id)
               .where(InterviewSession.interview_id == Interview.id, InterviewSession.preview == False,  # noqa: E712
                      Report.status == "ready").scalar_subquery())
    return select(Interview, counted(), counted("in_progress"), counted("completed"), average)


def shown(model, row):
    interview, candidates, in_progress, completed, average = row
    interview.statistics = Statistics(candidates=candidates, in_progress=in_progress, completed=completed, average_score=average)
    return model.model_validate(interview)


async def detail(db: AsyncSession, user: User, interview_id: uuid.UUID) -> InterviewDetail:
    row = (await db.execute(with_statistics().where(Interview.id == interview_id)
                            .options(selectinload(Interview.questions).selectinload(Question.rubric)))).one_or_none()
    if row is None or (user.role != "admin" and row[0].owner_id != user.id):
        raise HTTPException(404, "There is no such interview")
    return shown(InterviewDetail, row)


@app.get("/api/v1/interviews")
async def list_interviews(db: Database, user: CurrentUser, page: Annotated[int, Query(ge=1, le=1000000)] = 1,
                          page_size: Annotated[int, Query(ge=1, le=100)] = 20,
                          status: InterviewStatus | None = None) -> Envelope[Page[InterviewOut]]:
    conditions = [Interview.archived_at.is_(None)]
    if user.role != "admin":
        conditions.append(Interview.owner_id == user.id)
    if status is not None:
        conditions.append(Interview.status == status.value)
    total = await db.scalar(select(func.count()).select_from(Interview).where(*conditions))
    rows = await db.execute(with_statistics().where(*conditions).order_by(Interview.id.desc())
                            .limit(page_size).offset((page - 1) * page_size))
    return Envelope(data=Page(items=[shown(InterviewOut, row) for row in rows], total=total, page=page, page_size=page_size))


@app.get("/api/v1/interviews/{interview_id}")
async def read_interview(db: Database, user: CurrentUser, interview_id: uuid.UUID) -> Envelope[InterviewDetail]:
    return Envelope(data=await detail(db, user, interview_id))


@app.post("/api/v1/interviews", status_code=201)
async def create_interview(db: Database, user: CurrentUser, body: InterviewCreate) -> Envelope[InterviewDetail]:
    at = now()
    interview = Interview(id=new_id(), owner_id=user.id, status="draft", link=secrets.token_urlsafe(24), max_sessions=0,
                          created_at=at, updated_at=at, **body.model_dump(mode="json"))
    db.add(interview)
    db.add(AuditEntry(id=new_id(), at=at, actor_kind="user", actor_id=user.id, action="interview.create",
                      subject_kind="interview", subject_id=interview.id, request_id="", details={}))
    await db.commit()
    db.expunge(interview)
    return Envelope(data=await detail(db, user, interview.id))
