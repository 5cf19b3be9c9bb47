import type { Role } from '../../services/types';

export const ROLES: readonly { value: Role; label: string }[] = [
  { value: 'recruiter', label: 'Recruiter: makes interviews, sees their candidates' },
  { value: 'reviewer', label: 'Reviewer: reads what is shared with them' },
  { value: 'admin', label: 'Administrator: everything, and adds people' },
];
