import { Link2 } from 'lucide-react';
import { useToast } from '../contexts/ToastContext';
import { absoluteUrl, copyText } from '../utils/clipboard';
import { Button, type ButtonVariant } from './ui/Button';

export interface CopyLinkProps {
  url: string;
  label?: string;
  variant?: ButtonVariant;
  size?: 'md' | 'sm';
  /** What is said when it is copied. */
  said?: string;
}

/** Copies a link, a candidate's unless it says otherwise, and says so. */
export function CopyLink({
  url,
  label = 'Copy the link',
  variant = 'secondary',
  size = 'md',
  said = 'Link copied. Send it to your candidates.',
}: CopyLinkProps) {
  const toast = useToast();
  const address = absoluteUrl(url);
  const copy = async () => {
    if (await copyText(address)) toast.success(said);
    else toast.error(`Your browser does not let us copy. The link is ${address}`);
  };
  return (
    <Button variant={variant} size={size} icon={Link2} onClick={() => void copy()}>
      {label}
    </Button>
  );
}
