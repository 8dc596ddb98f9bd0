"""The names of the known events: family, name on the wire, class. Cheap to import: nothing is loaded for it."""

__all__ = ["CLASSES", "FAMILIES"]

FAMILIES: dict[str, dict[str, str]] = {
    "meetings": {
        "meeting.created": "MeetingCreated",
        "meeting.updated": "MeetingUpdated",
        "meeting.canceled": "MeetingCanceled",
        "meeting.save-canceled": "MeetingSaveCanceled",
        "meeting.started": "MeetingStarted",
        "meeting.end": "MeetingEnded",
        "meeting.participant-status-update": "MeetingPresenceChanged",
        "meeting.mute-all": "MeetingMutedAll",
        "meeting.unmute-all": "MeetingUnmutedAll",
        "meeting.share-screen-open": "ScreenShareOpened",
        "meeting.share-screen-close": "ScreenShareClosed",
        "meeting.medium-uploaded": "MeetingMediumUploaded",
        "meeting.job-results": "MeetingJobResults",
    },
    "participants": {
        "meeting.participant-joined": "ParticipantJoined",
        "meeting.participant-left": "ParticipantLeft",
        "meeting.participant-jbh-waiting": "ParticipantWaitingForHost",
        "meeting.participant-joined-waiting-room": "ParticipantJoinedWaitingRoom",
        "meeting.participant-left-waiting-room": "ParticipantLeftWaitingRoom",
        "meeting.participant-admitted": "ParticipantAdmitted",
        "meeting.participant-put-in-waiting-room": "ParticipantPutInWaitingRoom",
        "meeting.participant-role-changed": "ParticipantRoleChanged",
        "webinar.participant-role-changed": "WebinarRoleChanged",
        "meeting.phone.participant-status-updated": "PhoneStatusUpdated",
    },
    "webinars": {
        "webinar.warm-up-uploaded": "WebinarWarmUpUploaded",
    },
    "live": {
        "meeting.live-started": "LiveStarted",
        "meeting.live-stopped": "LiveStopped",
        "meeting.live-config-update": "LiveConfigUpdated",
    },
    "transcription": {
        "meeting.open-asr": "TranscriptionOpened",
        "meeting.asr-push": "AsrPushed",
    },
    "recordings": {
        "recording.started": "RecordingStarted",
        "recording.paused": "RecordingPaused",
        "recording.resumed": "RecordingResumed",
        "recording.stopped": "RecordingStopped",
        "recording.completed": "RecordingCompleted",
        "recording.failed": "RecordingFailed",
        "recording.deleted": "RecordingDeleted",
        "recording.clipped": "RecordingClipped",
        "recording.apply": "RecordingApplied",
        "recording.updated": "RecordingUpdated",
        "recording.audio-completed": "RecordingAudioCompleted",
    },
    "smart": {
        "smart.transcripts": "SmartTranscriptReady",
        "smart.fullsummary": "SmartSummaryReady",
        "smart.minutes": "SmartMinutesReady",
    },
    "enrolment": {
        "enroll.enroll": "EnrollmentMade",
        "enroll.cancel": "EnrollmentCanceled",
    },
    "rooms": {
        "room.alert": "RoomAlert",
        "room.response": "RoomResponded",
    },
    "apps": {
        "oauth.auth-user": "UserAuthorized",
        "oauth.cancel-auth": "UserAuthCanceled",
        "oauth.user-auth": "UserAuthorizedOld",
        "oauth.user-cancel-auth": "UserAuthCanceledOld",
        "oauth.corp-auth": "CorpAuthorized",
        "oauth.corp-cancel-auth": "CorpAuthCanceled",
        "app.open": "AppOpened",
        "app.close": "AppClosed",
    },
    "common": {
        "common.sts-token": "StsTokenIssued",
        "common.job-results": "CommonJobResults",
    },
}
"""By module, in the order of its classes."""

CLASSES = {name: (module, cls) for module, names in FAMILIES.items() for name, cls in names.items()}
"""The module and the class of each name."""
