import type { Interview, User } from './types';

/** Who changes an interview: its owner and administrators. It hides what the server would refuse; it protects nothing. */
export const mayChange = (user: User | null, interview: Interview): boolean =>
  user !== null && (user.role === 'admin' || (user.role === 'recruiter' && user.id === interview.owner_id));
