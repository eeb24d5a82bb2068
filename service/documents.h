/* documents.h - what the service shows as it was built: its page and openapi.json. */
#ifndef SIEVE_SERVICE_DOCUMENTS_H
#define SIEVE_SERVICE_DOCUMENTS_H

/* Texts that page/mkpage.c makes from the files of page/ and from openapi.json. */
extern const char document_page_en[];
extern const char document_page_ja[];
extern const char document_look[];
extern const char document_script[];
extern const char document_openapi[];

#endif /* SIEVE_SERVICE_DOCUMENTS_H */
