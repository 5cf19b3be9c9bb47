import { del, get, put } from '../../services/api';
import type { components } from '../../services/openapi';
import type { Candidacy } from './candidacy';

export type AboutYou = components['schemas']['SelfIdentification'];
export type Said = Omit<AboutYou, 'asked'>;
export type Category = keyof Said;

/* In the words of who fills it in. The values are the server's. */
export const CATEGORIES: { [C in Category]: { label: string; options: Record<AboutYou[C], string> } } = {
  gender: {
    label: 'Gender',
    options: {
      not_given: 'Leave this out',
      woman: 'Woman',
      man: 'Man',
      non_binary: 'Non-binary',
      another: 'Another gender',
      prefer_not_to_say: 'Prefer not to say',
    },
  },
  age_band: {
    label: 'Age',
    options: {
      not_given: 'Leave this out',
      under_30: 'Under 30',
      '30_39': '30 to 39',
      '40_49': '40 to 49',
      '50_59': '50 to 59',
      '60_or_over': '60 or over',
      prefer_not_to_say: 'Prefer not to say',
    },
  },
  ethnicity: {
    label: 'Ethnic group',
    options: {
      not_given: 'Leave this out',
      asian: 'Asian',
      black: 'Black',
      hispanic: 'Hispanic or Latino',
      indigenous: 'Indigenous',
      middle_eastern: 'Middle Eastern or North African',
      pacific_islander: 'Pacific Islander',
      white: 'White',
      mixed: 'More than one',
      another: 'Another',
      prefer_not_to_say: 'Prefer not to say',
    },
  },
  disability: {
    label: 'Disability',
    options: {
      not_given: 'Leave this out',
      yes: 'I have a disability',
      no: 'I have no disability',
      prefer_not_to_say: 'Prefer not to say',
    },
  },
};

export const NAMES = Object.keys(CATEGORIES) as Category[];
export const NOTHING = {
  gender: 'not_given',
  age_band: 'not_given',
  ethnicity: 'not_given',
  disability: 'not_given',
} as const;

const path = (sessionId: string) => `/public/sessions/${encodeURIComponent(sessionId)}/self-identification`;

export const aboutYouService = {
  get: ({ sessionId, token }: Candidacy, signal?: AbortSignal) => get<AboutYou>(path(sessionId), { token, signal }),
  give: ({ sessionId, token }: Candidacy, said: Said) => put<AboutYou>(path(sessionId), said, { token }),
  takeBack: ({ sessionId, token }: Candidacy) => del<null>(path(sessionId), { token }),
};
