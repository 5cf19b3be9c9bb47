import { EmptyState } from '../components/ui/EmptyState';
import { Card } from '../components/ui/Card';
import { useAuth } from '../contexts/AuthContext';
import { useTitle } from '../utils/hooks';

export default function Forbidden() {
  useTitle('Not yours to see');
  const { user } = useAuth();
  return (
    <div className="page !max-w-[40rem]">
      <h1 className="sr-only">Not yours to see</h1>
      <Card>
        <EmptyState heading="h2" title="Your role does not open this page">
          {user?.role === 'reviewer'
            ? 'You are a reviewer: you read the interviews that are shared with you. Their owners and administrators change them.'
            : 'It is for administrators. Ask one to do this for you, or to change your role.'}
        </EmptyState>
      </Card>
    </div>
  );
}
