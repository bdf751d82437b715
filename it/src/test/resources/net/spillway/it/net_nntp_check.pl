# Net::NNTP, Perl's own library: STARTTLS, login, posting, reading and searching.
# net_nntp_check.pl HOST PORT CA GROUP USER PASSWORD
use strict;
use warnings;
use Net::NNTP;

my ($host, $port, $ca, $group, $user, $password) = @ARGV;

sub check {
    my ($ok, $what) = @_;
    die "$what\n" unless $ok;
}

# Net::NNTP leaves the CR of a line's end where it is.
sub bare {
    my ($text) = @_;
    $text =~ s/\r//g;
    return $text;
}

my $nntp = Net::NNTP->new(Host => $host, Port => $port, Timeout => 20, Reader => 0)
    or die "no connection: $@\n";
check(!defined $nntp->group($group), "a stranger may not read");
check($nntp->code == 480, "a stranger is told to log in, not " . $nntp->code);
check($nntp->starttls(SSL_ca_file => $ca, SSL_verifycn_name => 'localhost'),
    "STARTTLS: " . $nntp->message);
check($nntp->authinfo($user, $password), "login: " . $nntp->message);
check($nntp->reader, "MODE READER");

my $date = $nntp->date;
check(abs($date - time) < 3600, "DATE is $date");
for my $i (1 .. 5) {
    check($nntp->post([
        "From: Ann <ann\@example.org>\n", "Newsgroups: $group\n", "Subject: number $i\n",
        "Message-ID: <perl$i\@example.org>\n", "\n", ".dot $i\n", "text\n"]),
        "POST: " . $nntp->message);
}

my ($count, $first, $last, $name) = $nntp->group($group);
check("$count $first $last $name" eq "5 1 5 $group", "GROUP: $count $first $last $name");
check(bare(join('', @{$nntp->body(3)})) eq ".dot 3\ntext\n", "BODY");
check($nntp->nntpstat('<perl4@example.org>') eq '<perl4@example.org>', "STAT");
check($nntp->next eq '<perl4@example.org>', "NEXT");
check($nntp->last eq '<perl3@example.org>', "LAST");
check(bare($nntp->xhdr('Subject', [2, 4])->{3}) eq 'number 3', "XHDR");
check($nntp->xover([1, 5])->{5}[0] eq 'number 5', "XOVER");
check(join(' ', sort keys %{$nntp->xpat('Subject', '*[24]', [1, 5])}) eq '2 4', "XPAT");
check(@{$nntp->overview_fmt} == 8, "LIST OVERVIEW.FMT");
check($nntp->active($group)->{$group}[0] == 5, "LIST ACTIVE");
check(exists $nntp->active_times->{$group}, "LIST ACTIVE.TIMES");
check(exists $nntp->newgroups(0)->{$group}, "NEWGROUPS");
check(@{$nntp->newnews(time - 3600, $group)} == 5, "NEWNEWS");
check(bare($nntp->distributions->{local}) eq 'Only here', "LIST DISTRIBUTIONS");
check(bare($nntp->subscriptions->[0]) eq $group, "LIST SUBSCRIPTIONS");
check(!defined $nntp->article('<none@example.org>') && $nntp->code == 430, "no such article");
check(@{$nntp->listgroup($group)} == 5, "LISTGROUP");
check($nntp->quit, "QUIT");
print "as it should be\n";
