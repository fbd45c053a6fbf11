"""What does not come along and why, said to people."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from parvis.imports.source import LeftOut


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """What it is, in the plural, and why it stays behind (translated when shown)."""

    what: object
    why: object


EXPLANATIONS: dict[str, Explanation] = {
    "chat-unknown-channel": Explanation(
        what=_("Channels chosen for the chat that the archive does not hold"),
        why=_("Check the spelling; channels go by their short name."),
    ),
    "mattermost-service-message": Explanation(
        what=_("Notices such as 'joined the channel'"),
        why=_("Nobody said them; members come along."),
    ),
    "mattermost-empty": Explanation(what=_("Empty messages"), why=_("They hold no text and no file.")),
    "mattermost-file-absent": Explanation(
        what=_("Files that the archive only names"),
        why=_("Export with attachments to bring them; their names stand in the messages."),
    ),
    "mattermost-emoji": Explanation(
        what=_("The server's own emoji"),
        why=_("They keep their name; add their pictures under Administration."),
    ),
    "mattermost-closed-team": Explanation(
        what=_("Open channels of teams that are joined by invitation"),
        why=_("They come as closed spaces: their members read them, and others ask to join."),
    ),
    "mattermost-guest": Explanation(
        what=_("Guests"), why=_("They come with their messages; invite them as guests.")
    ),
    "mattermost-personal": Explanation(
        what=_("Messages that somebody had saved"),
        why=_("What one saves is one's own; the messages come along."),
    ),
    "mattermost-unknown-line": Explanation(
        what=_("Lines of another kind"), why=_("Roles, schemes and plug-ins have no place here.")
    ),
    "slack-direct-messages": Explanation(
        what=_("Direct and group conversations"),
        why=_("They belong to the chat, not to the wall; nobody else may read them."),
    ),
    "slack-nameless-conversation": Explanation(
        what=_("Conversations whose people the export does not name"),
        why=_("It is not known who could read them."),
    ),
    "slack-slackbot": Explanation(
        what=_("Conversations with Slackbot"), why=_("Nobody else said anything in them.")
    ),
    "slack-unlisted-channel": Explanation(
        what=_("Folders of channels that the export does not list"),
        why=_("It is not known who could read them."),
    ),
    "slack-service-message": Explanation(
        what=_("Notices such as 'has joined the channel'"),
        why=_("Nobody said them; members and pins come along."),
    ),
    "slack-deleted": Explanation(
        what=_("Messages deleted at the source"), why=_("Only their empty place was left in the export.")
    ),
    "slack-empty": Explanation(what=_("Empty messages"), why=_("They hold no text and no file.")),
    "slack-preview": Explanation(
        what=_("Previews of links"), why=_("The links come along; Parvis makes its own previews.")
    ),
    "slack-file-absent": Explanation(
        what=_("Files that the archive only names"),
        why=_("Slack keeps them on its servers; their names stand in the messages."),
    ),
    "slack-file-gone": Explanation(
        what=_("Files deleted or hidden at the source"), why=_("Slack no longer gives them out.")
    ),
    "slack-reaction-unsigned": Explanation(
        what=_("Reactions without a name"), why=_("The export counts them, but does not say who reacted.")
    ),
    "person-unconfirmed": Explanation(
        what=_("People whose address somebody here uses without having confirmed it"),
        why=_("They stay apart, so that nobody comes into somebody else's channels."),
    ),
    "file-over-limit": Explanation(
        what=_("Files over the limits of the organization"),
        why=_("Raise the limit of uploads or of storage, undo this import and run it again."),
    ),
    "mbox-doubled": Explanation(
        what=_("Messages that come twice"), why=_("The archive holds another one with the same Message-ID.")
    ),
    "mbox-empty": Explanation(what=_("Empty messages"), why=_("They hold no subject, no text and no file.")),
    "mbox-body-cut": Explanation(
        what=_("Ends of very long messages"), why=_("A text may have 100,000 characters.")
    ),
    "mbox-date-guessed": Explanation(
        what=_("Dates that cannot be true"),
        why=_("These messages stand after the one before them in the file."),
    ),
    "mbox-too-large": Explanation(
        what=_("Messages larger than 64 MB"), why=_("They are too large to be read safely.")
    ),
    "mbox-other-file": Explanation(
        what=_("Files that are not mailboxes"), why=_("They do not begin like a message.")
    ),
}


def explained(left_out: LeftOut) -> Explanation:
    """Return the sentences for something left out."""
    # A run of another version may name what this one does not know.
    return EXPLANATIONS.get(left_out.what, Explanation(what=left_out.what, why=""))
